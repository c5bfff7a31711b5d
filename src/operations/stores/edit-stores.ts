import { CONFIG_FILES } from "../../control/config.js";
import { parseJson } from "../../control/records.js";
import type { Failure } from "../../domain/errors.js";
import { isRecord } from "../../domain/is-record.js";
import type { FileEdit } from "../../ports/control-plane.js";
import type { Run } from "../../ports/phase.js";
import { commitOperation, type Session, sparingOwnersEdits } from "../session.js";

export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Changes `blob_storage` in `config/user-preferences.json` and nothing else there, the order of its entries included, in one commit; null
 * where it changes nothing. Where the owner is editing the file, it is left alone and told of in `failures`.
 */
export async function commitStores(
  session: Session,
  change: (blobStorage: JsonObject) => JsonObject,
  line: { readonly command: "store" | "recover"; readonly summary: string },
  run: Run,
): Promise<{ readonly commit: string | null; readonly failures: readonly Failure[] }> {
  const { control, catalog } = session;
  const path = CONFIG_FILES.preferences;
  const bytes = await control.readFile(catalog.revision, path);
  const parsed = bytes === null ? { value: {} } : parseJson(bytes);
  const before: unknown = "value" in parsed ? parsed.value : {};
  const preferences = isRecord(before) ? before : {};
  const storage = preferences["blob_storage"];
  const after = { ...preferences, blob_storage: change(isRecord(storage) ? storage : {}) };
  const failures: Failure[] = [];
  async function* groups(): AsyncIterable<readonly FileEdit[]> {
    yield [{ path, bytes: new TextEncoder().encode(`${JSON.stringify(after, null, 2)}\n`) }];
  }
  const edits = sparingOwnersEdits(control, groups(), (failure) => failures.push(failure));
  const commit = await commitOperation(session, edits, () => line, run);
  return { commit, failures };
}
