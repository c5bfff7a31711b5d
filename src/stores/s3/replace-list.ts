import type { BlobKey, ContentHash } from "../../domain/ids.js";
import type { Call } from "../../ports/call.js";
import { CHECKSUM_LIST, checksumLines } from "../checksum-list.js";
import { judgeObject } from "./judge-object.js";
import type { ProbedParts } from "./s3-parts.js";
import { storeObject } from "./store-object.js";

/** More than ten million lines take; it only sets the size of the parts where the list is not sent whole. */
const MOST_BYTES = 2 * 1024 ** 3;

/** Replaces the checksum list in one step; an equal one is left alone. Throws `bug.checksum-list`, and what requests throw. */
export async function replaceList(
  parts: ProbedParts,
  entries: AsyncIterable<{ readonly key: BlobKey; readonly hash: ContentHash }>,
  call: Call,
): Promise<void> {
  const key = parts.objectOf(CHECKSUM_LIST);
  const first: Uint8Array[] = [];
  const lines = checksumLines(entries);
  let firstBytes = 0;
  while (firstBytes <= parts.wholeBytes) {
    const { value, done } = await lines.next();
    if (done === true) break;
    first.push(value);
    firstBytes += value.length;
  }
  await storeObject(
    parts,
    {
      key,
      async *open() {
        yield* first;
        yield* lines;
      },
      sizeBytes: firstBytes <= parts.wholeBytes ? firstBytes : MOST_BYTES,
      ifAbsent: false,
      blob: null,
      isRaw: false,
      accept: async (found) => (await judgeObject(parts, key, found, call)).kind !== "right",
    },
    call,
  );
}
