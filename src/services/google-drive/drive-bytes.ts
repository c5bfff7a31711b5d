import { createHash } from "node:crypto";
import { PhotosyncError } from "../../domain/errors.js";
import { unavailable } from "../../infra/http/failures.js";
import { untilAborted } from "../../infra/until-aborted.js";
import type { Call } from "../../ports/call.js";
import type { Download, ServiceInstance } from "../../ports/photo-service.js";
import type { DriveClient } from "./drive-client.js";

/** So many breaks without a byte more in between, and the service is down. */
const MOST_BREAKS = 4;

const isBreak = (error: unknown): boolean =>
  error instanceof PhotosyncError && error.kind === "transient" && error.data["retryAt"] === undefined;

/** A part of the bytes was asked for, and it has to be just that part. */
function checkRange(response: Response, from: number, account: string): void {
  const start = /^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "")?.[1];
  if (from === 0 ? response.status === 200 : response.status === 206 && Number(start) === from) return;
  throw unavailable({ account, message: `${account} did not send the part of the file that was asked for.` });
}

const otherBytes = (account: string, filename: string): PhotosyncError =>
  new PhotosyncError({
    kind: "partial",
    code: `${account}.changed-while-read`,
    message: `${filename} came from ${account} with another checksum than was told for it.`,
    next: ["It was probably changed just then: run the same command again."],
  });

async function* resumed(
  first: Response,
  instance: ServiceInstance,
  client: DriveClient,
  account: string,
  call: Call,
): AsyncGenerator<Uint8Array> {
  const { id, filename, sizeBytes, checksums } = instance;
  const md5 = createHash("md5");
  let received = 0;
  let atBreak = 0;
  for (let response = first, breaks = 0; ; ) {
    try {
      checkRange(response, received, account);
      for await (const part of response.body ?? []) {
        received += part.length;
        md5.update(part);
        yield part;
      }
      if (sizeBytes === undefined || received >= sizeBytes) break;
      throw unavailable({
        account,
        message: `${account} sent ${received} of ${sizeBytes} bytes of ${filename}.`,
      });
    } catch (error) {
      await response.body?.cancel().catch(() => {});
      breaks = received > atBreak ? 1 : breaks + 1;
      atBreak = received;
      if (!isBreak(error) || breaks > MOST_BREAKS) throw error;
      response = await client.bytes(id, received, call);
    }
  }
  const isOther = checksums?.md5 !== undefined && md5.digest("hex") !== checksums.md5;
  if (isOther || (sizeBytes !== undefined && received !== sizeBytes)) throw otherBytes(account, filename);
}

/**
 * The original's bytes. A connection that breaks is taken up where it broke; in the end length and MD5 are those that Drive told.
 * Throws `<account>.unavailable`, `<account>.changed-while-read` and `<account>.not-obtainable` (partial) while they are read or before.
 */
export async function openDriveBytes(
  instance: ServiceInstance,
  client: DriveClient,
  account: string,
  call: Call,
): Promise<Download> {
  const { id, filename, sizeBytes } = instance;
  try {
    const first = await client.bytes(id, 0, call);
    const bytes = untilAborted(resumed(first, instance, client, account, call), call);
    return { bytes, quality: "original", ...(sizeBytes === undefined ? {} : { sizeBytes }) };
  } catch (error) {
    if (!(error instanceof PhotosyncError) || error.kind !== "user") throw error;
    throw new PhotosyncError({
      kind: "partial",
      code: `${account}.not-obtainable`,
      message: `${filename} cannot be fetched from ${account}: ${error.message}`,
      next: ["Look at the file's sharing in Drive: its owner may forbid downloads, or it may be gone."],
      cause: error,
    });
  }
}
