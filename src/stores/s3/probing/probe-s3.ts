import { randomBytes } from "node:crypto";
import { PhotosyncError } from "../../../domain/errors.js";
import { sha256Of } from "../../../infra/hash.js";
import type { Call } from "../../../ports/call.js";
import { listObjects } from "../objects/list-objects.js";
import { abortUpload, beginUpload, completeUpload, sendPart } from "../objects/multipart-objects.js";
import {
  base64Of,
  headObject,
  putObject,
  REFUSED_BODY,
  removeObject,
  writing,
} from "../objects/s3-objects.js";
import { requireArchived, requireProvable } from "../reading/archive.js";
import { readObject } from "../reading/read-object.js";
import { whereSaid } from "../requests/s3-requests.js";
import type { S3Ground } from "../s3-parts.js";
import { isArchive, readableKeeping, requireEncrypted } from "../settings/s3-keeping.js";
import { type Capabilities, NO_CAPABILITIES } from "./s3-capabilities.js";

/**
 * Tries a store with an object of its own, which is removed again: that it can be written, read, listed and removed, and what the server can
 * prove. What it refuses it merely cannot do. Throws what forbids to write, read, list or remove, and `store.not-encrypted`,
 * `store.archive-unproven`, `store.class-not-kept`, `store.unreliable`.
 */
export async function probeS3(ground: S3Ground, call: Call): Promise<Capabilities> {
  // What is archived could not be read back; whether it is archived is tried apart.
  const parts = { ...ground, keeping: readableKeeping(ground.keeping) };
  const { requests, keeping, name, layout } = parts;
  const key = `${requests.place.prefix}${layout.probes}${randomBytes(8).toString("hex")}`;
  const bytes = new Uint8Array(randomBytes(64));
  const hash = sha256Of(bytes);
  const plain = { bytes, hash, withChecksum: false, ifAbsent: false };
  // Keys that may not remove would leave something behind each time.
  await removeObject(requests, key, call);
  try {
    const written = await putObject(requests, key, plain, keeping, call);
    if (written.kind === "written") requireEncrypted(name, keeping, written.encryption);
    await readBack(parts, key, bytes, call);
    await requireListed(parts, key, call);
    const can = {
      checksBodies: await checksBodies(parts, `${key}-body`, call),
      keepsChecksums: await keepsChecksums(parts, `${key}-sum`, call),
      conditionalPut: await isConditional(
        putObject(requests, key, { ...plain, ifAbsent: true }, keeping, call),
      ),
    };
    const found = { ...can, ...(await inParts(parts, key, can.keepsChecksums, call)) };
    requireProvable(name, ground.keeping, found);
    if (isArchive(ground.keeping.StorageClass)) await requireArchived(ground, `${key}-class`, plain, call);
    return found;
  } finally {
    for (const each of [key, `${key}-body`, `${key}-sum`, `${key}-class`])
      await removeObject(requests, each, call);
  }
}

async function readBack(parts: S3Ground, key: string, bytes: Uint8Array, call: Call): Promise<void> {
  const chunks: Uint8Array[] = [];
  const lost = async () => unlike(parts.name);
  for await (const chunk of readObject(parts.requests, key, null, lost, parts, call)) chunks.push(chunk);
  if (Buffer.compare(Buffer.concat(chunks), bytes) !== 0) throw unlike(parts.name);
}

async function requireListed({ requests, name }: S3Ground, key: string, call: Call): Promise<void> {
  const { objects } = await listObjects(requests, { prefix: key }, call);
  if (!objects.some((one) => one.key === key)) throw unlike(name);
}

const unlike = (name: string): PhotosyncError =>
  new PhotosyncError({
    kind: "integrity",
    code: "store.unreliable",
    message: `Store ${name} did not give back, or did not list, what had just been written to it.`,
    next: ["Do not rely on this store; report this message to its provider."],
  });

/** Sends a body under the signed hash of another one; tells whether it was refused, and so whether nothing was left behind. */
export async function checksBodies(
  { requests, keeping }: Pick<S3Ground, "requests" | "keeping">,
  key: string,
  call: Call,
): Promise<boolean> {
  const bytes = new Uint8Array(randomBytes(64));
  const hash = sha256Of(new Uint8Array(randomBytes(64)));
  const request = writing(key, { bytes, hash, withChecksum: false, ifAbsent: false }, bytes, keeping);
  const put = await requests.ask(
    "write objects",
    "bytes",
    (wire, options) => wire.ask(request, options).catch(whereSaid("refused" as const, ...REFUSED_BODY)),
    call,
  );
  return put === "refused";
}

/** Sends a checksum, right and wrong, and asks for it. */
async function keepsChecksums({ requests, keeping }: S3Ground, key: string, call: Call): Promise<boolean> {
  const bytes = new Uint8Array(randomBytes(64));
  const hash = sha256Of(bytes);
  const request = writing(key, { bytes, hash, withChecksum: false, ifAbsent: false }, bytes, keeping);
  const put = (checksum: string) =>
    requests.ask(
      "write objects",
      "bytes",
      async (wire, options) => {
        const headers = { ...request.headers, "x-amz-checksum-sha256": checksum };
        const answer = await wire
          .ask({ ...request, headers }, options)
          .catch(whereSaid("refused" as const, ...REFUSED_BODY, "NotImplemented"));
        return answer === "refused" ? answer : answer.header("x-amz-checksum-sha256");
      },
      call,
    );
  if ((await put(base64Of(hash))) !== base64Of(hash)) return false;
  if ((await headObject(requests, key, call))?.sha256 !== base64Of(hash)) return false;
  return (await put(base64Of(sha256Of(new Uint8Array(0))))) === "refused";
}

const isConditional = (put: Promise<{ readonly kind: string }>): Promise<boolean> =>
  put.then(
    ({ kind }) => kind === "taken",
    (error: unknown) => {
      // 501 and 400: it does not know the condition.
      if (error instanceof PhotosyncError && isUnknownToIt(error)) return false;
      throw error;
    },
  );

const isUnknownToIt = ({ data, code }: PhotosyncError): boolean =>
  data["status"] === 501 || (code === "store.refused" && data["status"] === 400);

/** A part checked by its checksum, and an upload that must not be finished over what is there. */
async function inParts(
  { requests, keeping, name }: S3Ground,
  key: string,
  keepsSums: boolean,
  call: Call,
): Promise<Pick<Capabilities, "conditionalComplete"> & Partial<Pick<Capabilities, "keepsChecksums">>> {
  const bytes = new Uint8Array(randomBytes(64));
  const hash = sha256Of(bytes);
  const begun = await beginUpload(requests, key, { keeping, withChecksum: keepsSums }, call);
  const upload = { key, uploadId: begun.uploadId };
  try {
    requireEncrypted(name, keeping, begun.encryption);
    const part = await sendPart(requests, upload, { number: 1, bytes, hash, withChecksum: keepsSums }, call);
    if (part === null) return { conditionalComplete: NO_CAPABILITIES.conditionalComplete };
    const conditionalComplete = await isConditional(completeUpload(requests, upload, [part], true, call));
    return {
      conditionalComplete,
      ...(keepsSums && part.sha256 !== base64Of(hash) ? { keepsChecksums: false } : {}),
    };
  } finally {
    await abortUpload(requests, upload, call);
  }
}
