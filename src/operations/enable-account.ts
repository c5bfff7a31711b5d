import { CONFIG_FILES } from "../control/config.js";
import { parseJson } from "../control/records.js";
import type { Failure } from "../domain/errors.js";
import { isRecord } from "../domain/is-record.js";
import type { ControlPlane, FileEdit } from "../ports/control-plane.js";
import type { Run } from "../ports/phase.js";
import { commitOperation, type Session, sparingOwnersEdits, withSession } from "./session.js";

export interface NewAccount {
  readonly name: string;
  readonly provider: string;
}

/**
 * Sees to it that an account stands in `config/services.json` and is switched on: in one commit, or none where that is so. Everything else in
 * the file stays as it is, the order of its entries, too. Where the owner is editing the file, it is left alone and told of in `failures`.
 */
export function enableAccount(
  libraryRoot: string,
  control: ControlPlane,
  account: NewAccount,
  run: Run,
): Promise<{ readonly commit: string | null; readonly failures: readonly Failure[] }> {
  return withSession(libraryRoot, control, "connect", "write", run, async (session) => {
    if (session.config.services[account.name]?.enabled === true) return { commit: null, failures: [] };
    const edit = await enabling(session, account);
    const failures: Failure[] = [];
    async function* groups(): AsyncIterable<readonly FileEdit[]> {
      yield [edit];
    }
    const edits = sparingOwnersEdits(control, groups(), (failure) => failures.push(failure));
    const message = () => ({ command: "connect" as const, summary: `${account.name} is switched on` });
    return { commit: await commitOperation(session, edits, message, run), failures };
  });
}

async function enabling({ control, catalog }: Session, { name, provider }: NewAccount): Promise<FileEdit> {
  const path = CONFIG_FILES.services;
  const bytes = await control.readFile(catalog.revision, path);
  const parsed = bytes === null ? { value: {} } : parseJson(bytes);
  const before: unknown = "value" in parsed ? parsed.value : {};
  const entries = isRecord(before) ? before : {};
  const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
  const after = {
    ...entries,
    [name]: isRecord(entry) ? { ...entry, enabled: true } : { enabled: true, provider },
  };
  return { path, bytes: new TextEncoder().encode(`${JSON.stringify(after, null, 2)}\n`) };
}
