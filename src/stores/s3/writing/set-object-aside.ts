import type { BlobKey } from "../../../domain/ids.js";
import { unavailable } from "../../../infra/http/failures.js";
import type { Call } from "../../../ports/call.js";
import { copyObject, headObject, type ObjectHead } from "../objects/s3-objects.js";
import { readObject } from "../reading/read-object.js";
import { STORE_CODES } from "../requests/s3-errors.js";
import type { ProbedParts } from "../s3-parts.js";
import { readableKeeping } from "../settings/s3-keeping.js";
import { s3Url } from "../settings/s3-place.js";
import { storeObject } from "./store-object.js";

/** CopyObject takes no more (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html). */
const MOST_COPIED_BYTES = 5 * 1024 ** 3;

/**
 * Keeps what stands under a blob's key under `.set-aside/` as well, named by its ETag: other bytes get other names, and the same ones are
 * kept once. Tells where. The server copies it where it can; else the bytes travel.
 */
export async function setObjectAside(
  parts: ProbedParts,
  blob: BlobKey,
  head: ObjectHead,
  call: Call,
): Promise<string> {
  const { requests, keeping } = parts;
  const name = parts.sealing.asideOf(blob, head.etag.replace(/[^A-Za-z0-9-]/g, ""));
  const from = parts.blobObject(blob);
  const to = requests.place.prefix + name;
  const isThere = async () => (await headObject(requests, to, call))?.sizeBytes === head.sizeBytes;
  if (!(await isThere())) {
    const isCopied =
      head.sizeBytes <= MOST_COPIED_BYTES &&
      (await copyObject(requests, from, to, readableKeeping(keeping), call));
    if (!isCopied || !(await isThere())) await travel(parts, from, to, head, call);
  }
  return s3Url(requests.place, name);
}

async function travel(
  parts: ProbedParts,
  from: string,
  to: string,
  head: ObjectHead,
  call: Call,
): Promise<void> {
  const changed = () =>
    unavailable({
      account: STORE_CODES,
      message: `${from} was changed in store ${parts.name} while it was set aside.`,
    });
  await storeObject(
    { ...parts, buffers: parts.asideBuffers },
    {
      key: to,
      open: () => readObject(parts.requests, from, null, async () => changed(), parts, call),
      sizeBytes: head.sizeBytes,
      ifAbsent: false,
      blob: null,
      isRaw: true,
      async accept({ sizeBytes, isWhole }) {
        if (sizeBytes !== head.sizeBytes || !isWhole) throw changed();
        return true;
      },
    },
    call,
  );
}
