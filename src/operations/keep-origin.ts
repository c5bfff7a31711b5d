import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import type { Failure } from "../domain/errors.js";
import { isRecord } from "../domain/is-record.js";
import { namedSettings, type StoreSettings } from "../domain/preferences.js";
import { fromPortable, toPortable } from "../infra/portable-path.js";
import type { Run } from "../ports/phase.js";
import { s3PlaceOf } from "../stores/s3/settings/s3-place.js";
import type { Origin } from "./open-origin.js";
import type { Session } from "./session.js";
import { commitStores, type JsonObject } from "./stores/edit-stores.js";

/** What was done so that the library finds the store that it came from. */
export interface KeptOrigin {
  /** Null where its preferences name that place already. */
  readonly commit: string | null;
  readonly failures: readonly Failure[];
  readonly notes: readonly string[];
}

/**
 * Sees to it that the library's preferences have the store that it was recovered from, switched on, under its name and at the place where it was
 * found: in one commit, or none where that is so. All else in the file stays as it is.
 */
export async function keepOrigin(session: Session, origin: Origin, run: Run): Promise<KeptOrigin> {
  const { config, libraryRoot } = session;
  const before = namedSettings(config.preferences).get(origin.name);
  const isThere = before !== undefined && isSamePlace(libraryRoot, before, origin.settings);
  if (isThere && before.enabled !== false) return { commit: null, failures: [], notes: [] };
  const { commit, failures } = await commitStores(
    session,
    (storage) => naming(storage, origin, before, libraryRoot),
    { command: "recover", summary: `store ${origin.name} is found at ${origin.where}` },
    run,
  );
  const was = isThere
    ? "was switched off"
    : before === undefined
      ? "was not among its stores"
      : "was at another place";
  return {
    commit,
    failures,
    notes: [`Store ${origin.name} ${was}: config/user-preferences.json names ${origin.where} now.`],
  };
}

function isSamePlace(libraryRoot: string, a: StoreSettings, b: StoreSettings): boolean {
  if (a.type === "local" && b.type === "local")
    return realOf(libraryRoot, a.path) === realOf(libraryRoot, b.path);
  if (a.type !== "s3" || b.type !== "s3") return false;
  const [here, there] = [s3PlaceOf(null, a), s3PlaceOf(null, b)];
  return here.endpoint === there.endpoint && here.bucket === there.bucket && here.prefix === there.prefix;
}

function realOf(libraryRoot: string, path: string): string {
  const absolute = resolve(fromPortable(libraryRoot, path));
  try {
    return realpathSync.native(absolute);
  } catch {
    return absolute;
  }
}

/** `blob_storage` with the store in its place; what it says of it besides where it is stays. */
function naming(
  storage: JsonObject,
  { name, settings }: Origin,
  before: StoreSettings | undefined,
  libraryRoot: string,
): JsonObject {
  const stores = isRecord(storage["stores"]) ? storage["stores"] : {};
  const place =
    settings.type === "local" ? { ...settings, path: toPortable(libraryRoot, settings.path) } : settings;
  const found =
    before !== undefined && isSamePlace(libraryRoot, before, settings)
      ? before
      : { ...place, ...elsewhere(before, settings) };
  const entry = found.enabled === false ? { ...found, enabled: true } : found;
  return { ...storage, stores: { ...stores, [name]: entry } };
}

/** What was said of the store that holds at another place, too. */
function elsewhere(before: StoreSettings | undefined, now: StoreSettings): Partial<StoreSettings> {
  if (before?.type !== "s3" || now.type !== "s3") return {};
  const { endpoint: _e, region: _r, preset: _p, bucket: _b, prefix: _f, ...kept } = before;
  return kept;
}
