import { throwIfAborted } from "../../../infra/until-aborted.js";
import type { Call } from "../../../ports/call.js";
import { abortUpload, begunUploads } from "../objects/multipart-objects.js";
import { headObject } from "../objects/s3-objects.js";
import { isRefused } from "../requests/s3-errors.js";
import type { S3Parts } from "../s3-parts.js";

const WEEK_MS = 7 * 24 * 3_600_000;

/**
 * Gives up the uploads in parts that nobody will go on with: those whose blob is stored by now, and those of other computers, or of nobody,
 * that were begun more than a week ago. Tells how many. A server or keys that do not let themselves be asked have nothing swept.
 */
export async function sweepUploads(parts: S3Parts, call: Call): Promise<number> {
  const { requests, notes, time, sealing } = parts;
  const mine = new Map((await notes.all()).map((note) => [note.uploadId, note]));
  let swept = 0;
  try {
    for await (const upload of begunUploads(requests, requests.place.prefix, call)) {
      throwIfAborted(call);
      const note = mine.get(upload.uploadId);
      mine.delete(upload.uploadId);
      const isNeeded =
        note === undefined
          ? time.nowMs() - upload.initiatedMs < WEEK_MS
          : (await headObject(requests, upload.key, call))?.sizeBytes !== sealing.sealedBytes(note.sizeBytes);
      if (isNeeded) continue;
      await abortUpload(requests, upload, call);
      if (note !== undefined) await notes.drop(note.key);
      swept++;
    }
  } catch (error) {
    if (isRefused(error)) return swept;
    throw error;
  }
  // What the server knows no more.
  for (const note of mine.values()) await notes.drop(note.key);
  return swept;
}
