import { createHash } from "node:crypto";
import { PhotosyncError } from "../../domain/errors.js";
import { unavailable } from "../../infra/http/failures.js";

/** A body, and how long it was said to be. */
export interface OpenedBody {
  readonly body: AsyncIterable<Uint8Array>;
  readonly sizeBytes: number | undefined;
}

/** So many breaks without a byte more in between, and the service is down. */
const MOST_BREAKS = 3;

const isBreak = (error: unknown): boolean =>
  error instanceof PhotosyncError && error.kind === "transient" && error.data["retryAt"] === undefined;

/**
 * All bytes that were announced. Whether Google takes up a broken download where it broke is not known, so one that breaks off is
 * read again from its beginning: what was given out already is passed over, and has to be the same by its hash. Throws `<account>.unavailable`
 * where that is not so, or where it breaks again and again.
 */
export async function* wholeBody(
  first: OpenedBody,
  open: () => Promise<OpenedBody>,
  account: string,
): AsyncGenerator<Uint8Array, void, void> {
  const given = createHash("sha256");
  let givenBytes = 0;
  let atBreak = 0;
  for (let opened: OpenedBody | null = first, breaks = 0; ; opened = null) {
    try {
      const { body, sizeBytes } = opened ?? (await open());
      for await (const part of bodyAfter(body, givenBytes, given.copy().digest("hex"), account)) {
        given.update(part);
        givenBytes += part.length;
        yield part;
      }
      if (sizeBytes === undefined || sizeBytes === givenBytes) return;
      throw unavailable({ account, message: `${account} sent ${givenBytes} of ${sizeBytes} bytes.` });
    } catch (error) {
      breaks = givenBytes > atBreak ? 1 : breaks + 1;
      atBreak = givenBytes;
      if (!isBreak(error) || breaks > MOST_BREAKS) throw error;
    }
  }
}

/** What follows the first so many bytes, which must have the hash. */
async function* bodyAfter(
  body: AsyncIterable<Uint8Array>,
  skipBytes: number,
  hash: string,
  account: string,
): AsyncGenerator<Uint8Array> {
  const skipped = createHash("sha256");
  let left = skipBytes;
  for await (const part of body) {
    const passed = part.subarray(0, left);
    if (passed.length > 0) {
      skipped.update(passed);
      left -= passed.length;
      if (left === 0 && skipped.digest("hex") !== hash) {
        throw unavailable({ account, message: `${account} gave other bytes when it was asked again.` });
      }
    }
    if (passed.length < part.length) yield part.subarray(passed.length);
  }
  if (left > 0) throw unavailable({ account, message: `${account} sent less when it was asked again.` });
}
