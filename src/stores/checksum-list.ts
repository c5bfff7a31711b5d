import { PhotosyncError } from "../domain/errors.js";
import { type BlobKey, type ContentHash, hexOf } from "../domain/ids.js";

/** The name that `sha256sum -c` users know; it lies in a store's root. */
export const CHECKSUM_LIST = "SHA256SUMS";
const CHUNK_CHARS = 64 * 1024;

/**
 * The text of a checksum list in UTF-8, in chunks: `<64 hex digits>  <key>` and a newline for each entry, the form that
 * coreutils' `sha256sum -c` reads (keys hold nothing that it would need escaped). Throws `bug.checksum-list` when the
 * entries are not sorted by key or name one twice.
 */
export async function* checksumLines(
  entries: AsyncIterable<{ readonly key: BlobKey; readonly hash: ContentHash }>,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let text = "";
  let previous = "";
  for await (const { key, hash } of entries) {
    if (key <= previous) {
      throw new PhotosyncError({
        kind: "bug",
        code: "bug.checksum-list",
        message: `The entries of a checksum list are out of order: ${key} after ${previous}.`,
      });
    }
    previous = key;
    text += `${hexOf(hash)}  ${key}\n`;
    if (text.length >= CHUNK_CHARS) {
      yield encoder.encode(text);
      text = "";
    }
  }
  if (text !== "") yield encoder.encode(text);
}
