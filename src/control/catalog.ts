import type { Failure } from "../domain/errors.js";
import { documentName } from "../domain/ids.js";
import type { Call } from "../ports/call.js";
import type { Catalog } from "../ports/catalog.js";
import type { ControlPlane } from "../ports/control-plane.js";
import { RunningSums } from "./catalog-sums.js";
import { firstBlobs, firstRows } from "./index-documents.js";
import { startingWith } from "./index-keys.js";
import type { LocalIndex } from "./local-index.js";
import { refreshIndex } from "./refresh-index.js";
import { unpackRow } from "./row-codec.js";

/** Key of `LocalIndex.merged`: sorts by the bytes that the finding is about. */
export const mergedKey = (merged: { readonly hash: string; readonly digest: string }): string =>
  `${merged.hash} ${merged.digest}`;

const firstValue = <V>(range: Iterable<{ readonly value: V }>): V | null => {
  for (const { value } of range) return value;
  return null;
};

/** The catalog of the documents at `revision`; the index is brought up to date first. */
export async function openCatalog(
  index: LocalIndex,
  control: ControlPlane,
  revision: string,
  call: Call,
): Promise<Catalog> {
  await refreshIndex(index, control, revision, call);
  return {
    revision,
    rows: (passes) => firstRows(index, passes),
    blobs: () => firstBlobs(index),
    row(photoId) {
      const stored = firstValue(index.rows.getRange({ ...startingWith(photoId), limit: 1 }));
      return stored === null ? null : unpackRow(stored);
    },
    sums: () => RunningSums.kept(index) ?? RunningSums.of(firstRows(index)),
    photoOfHash: (hash) => firstValue(index.photoOfHash.getRange({ ...startingWith(hash), limit: 1 })),
    invalid: (): readonly Failure[] => Array.from(index.invalid.getRange({}), ({ value }) => value),
    async claims() {
      const claims = new Map<string, string>();
      for (const { key: path } of index.invalid.getRange({})) {
        const text = Buffer.from((await control.readFile(revision, path)) ?? []).toString("utf8");
        for (const [hash] of text.matchAll(/sha256:[0-9a-f]{64}/g)) claims.set(hash, path);
        claims.set(documentName(path), path);
      }
      return claims;
    },
  };
}
