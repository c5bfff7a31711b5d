import { readFile } from "node:fs/promises";
import type { KeptScan } from "../control/index-records.js";
import type { LocalIndex } from "../control/local-index.js";
import { toldByAll } from "../control/told.js";
import { digestOf } from "../infra/hash.js";
import type { DiscoverSeen } from "../phases/discover/seen.js";
import type { Root } from "./classify-path.js";

/** What a run sees depends on these beside the sources' listing: another value, another key. */
export interface ScanCircumstances {
  readonly libraryRoot: string;
  readonly roots: readonly Root[];
  readonly defaultVisibility: string;
  /** Hashes of bytes that are never taken in again. */
  readonly forgotten: readonly string[];
}

/** More remarks than this are made anew each time. */
const MOST_REMARKS = 1000;

/** Readers and rules of another version may see something else in the same files. */
async function ownVersion(): Promise<string> {
  return digestOf(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
}

const keyOf = ({ libraryRoot, roots }: ScanCircumstances): string =>
  digestOf(JSON.stringify([libraryRoot, roots.map(({ service, kind, path }) => [service, kind, path])]));

const circumstancesOf = async (
  index: LocalIndex,
  { defaultVisibility, forgotten }: ScanCircumstances,
): Promise<string> =>
  digestOf(JSON.stringify([await ownVersion(), toldByAll(index), defaultVisibility, ...forgotten]));

/**
 * What the last run over these places saw when it left nothing to do, if nothing but the sources themselves can have
 * changed since; null when there is none. Whether the sources still list the same is for the caller to look.
 */
export async function rememberedScan(
  index: LocalIndex,
  circumstances: ScanCircumstances,
): Promise<KeptScan | null> {
  const kept = index.scans.get(keyOf(circumstances));
  if (kept === undefined) return null;
  return kept.circumstances === (await circumstancesOf(index, circumstances)) ? kept : null;
}

/** What a run saw, with the photos counted and not listed: by the time it is remembered, they need not be held any more. */
export type SeenTotals = Omit<DiscoverSeen, "changed"> & { readonly changed: number };

/** What of a run's sight is kept when its photos are let go. */
export const totalsOf = ({ changed, ...rest }: DiscoverSeen): SeenTotals => ({
  ...rest,
  changed: changed.length,
});

/** Remembers a run over these places; one that would have to look again is forgotten. */
export async function rememberScan(
  index: LocalIndex,
  circumstances: ScanCircumstances,
  seen: SeenTotals,
  told: Pick<KeptScan, "accounting" | "unexplained">,
): Promise<void> {
  const key = keyOf(circumstances);
  const { listing, files, duplicates, skipped, failures, notes, changed } = seen;
  if (listing === null || failures.length + notes.length + told.unexplained.length > MOST_REMARKS) {
    index.scans.removeSync(key);
    return;
  }
  const unchanged = seen.unchanged + changed;
  const run = { listing, unchanged, files, duplicates, skipped, failures, notes, ...told };
  index.scans.putSync(key, { circumstances: await circumstancesOf(index, circumstances), ...run });
}
