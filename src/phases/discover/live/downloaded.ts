import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { PhotosyncError } from "../../../domain/errors.js";
import type { InstanceCopy } from "../../../domain/photo.js";
import { fileError } from "../../../infra/durable-file.js";
import { throwIfAborted } from "../../../infra/until-aborted.js";
import type { Call } from "../../../ports/call.js";
import type { PhotoService, ServiceInstance } from "../../../ports/photo-service.js";
import type { SourceEntry } from "../../../ports/photo-source.js";
import { type Examination, examine, type ScanMemory } from "../examine.js";
import { type Keeping, WHOLE_BYTES } from "../read-entry.js";

/** Where the bytes of an instance are said to be: `flickr:53001`. */
export const placeOf = (service: string, { id }: ServiceInstance) => ({ path: `${service}:${id}` });

/** A name that is never taken for a sidecar's: a service said that this is a picture or video. */
const mediaName = ({ filename, mediaKind }: ServiceInstance): string =>
  /\.(?:json|xmp)$/i.test(filename) ? `${filename}.${mediaKind === "video" ? "mp4" : "jpg"}` : filename;

/** The entry by which the index knows the bytes of an instance. */
export const entryOf = (service: string, instance: ServiceInstance): SourceEntry => ({
  kind: "entry",
  location: placeOf(service, instance),
  name: mediaName(instance),
  sizeBytes: instance.sizeBytes ?? 0,
  stamp: instance.bytesStamp,
  open: () => Readable.from([]),
});

const cutOff = (service: string, id: string, came: number, told: number): PhotosyncError =>
  new PhotosyncError({
    kind: "transient",
    code: `${service}.cut-off`,
    message: `Of ${id} on ${service} ${came} bytes came, and not ${told}.`,
    next: ["Run the same command again: it goes on where it stopped."],
  });

/** How often the bytes of one instance are asked for when they break off, or when something else comes in their place. */
const TRIES = 3;

const mayPass = (error: unknown): boolean =>
  error instanceof PhotosyncError && (error.kind === "transient" || error.kind === "integrity");

export type Downloaded =
  | (Extract<Examination, { kind: "examined" }> & { readonly quality: InstanceCopy["quality"] })
  | (Extract<Examination, { kind: "failed" }> & { readonly error: unknown });

/** From where bytes come, and what is done with them. */
export interface DownloadDeps {
  readonly service: PhotoService;
  readonly memory: ScanMemory;
  /** Where originals are kept until a store has them; null where they are not. */
  readonly keeping: Keeping | null;
}

/** The bytes of an instance with their number, which everything that looks at them has to know before they come. */
interface Sized {
  readonly sizeBytes: number;
  readonly bytes: AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** Where a service does not tell how many bytes will come, they wait in the temporary folder until it is known. */
async function sized(bytes: AsyncIterable<Uint8Array>, told: number | undefined, call: Call): Promise<Sized> {
  if (told !== undefined) return { sizeBytes: told, bytes, close: async () => {} };
  const folder = await mkdtemp(join(tmpdir(), "photosync-download-")).catch((error: unknown) => {
    throw fileError(error, tmpdir(), "make a temporary folder in");
  });
  const path = join(folder, "bytes");
  const close = () => rm(folder, { recursive: true, force: true });
  try {
    const file = createWriteStream(path);
    await pipeline(bytes, file, { signal: call.signal });
    return { sizeBytes: file.bytesWritten, bytes: createReadStream(path), close };
  } catch (error) {
    await close();
    throwIfAborted(call);
    throw error;
  }
}

/**
 * Downloads an instance and looks at its bytes, holding no more of them than `examine` does. Bytes that break off, and what is
 * something else, are asked for again. Failures are results; an abort is thrown.
 */
export async function download(
  deps: DownloadDeps,
  instance: ServiceInstance,
  call: Call,
): Promise<Downloaded> {
  for (let tries = 1; ; tries++) {
    const done = await downloadOnce(deps, instance, call);
    if (done.kind === "examined" || !mayPass(done.error) || tries >= TRIES) return done;
  }
}

async function downloadOnce(
  { service, memory, keeping }: DownloadDeps,
  instance: ServiceInstance,
  call: Call,
): Promise<Downloaded> {
  let thrown: unknown = null;
  let quality: InstanceCopy["quality"] = "unknown";
  let opened: Sized | null = null;
  const open = async (): Promise<Sized> => {
    const given = await service.open(instance, call);
    quality = given.quality;
    return sized(given.bytes, given.sizeBytes ?? instance.sizeBytes, call);
  };
  try {
    opened = await open().catch((error: unknown) => {
      thrown = error;
      return null;
    });
    throwIfAborted(call);
    const entry = entryOf(service.name, instance);
    const body = opened;
    const sizeBytes = body?.sizeBytes ?? WHOLE_BYTES;
    async function* bytes(): AsyncGenerator<Uint8Array> {
      if (body === null) throw thrown;
      try {
        let came = 0;
        for await (const chunk of body.bytes) {
          came += chunk.length;
          yield chunk;
        }
        if (came !== sizeBytes) throw cutOff(service.name, instance.id, came, sizeBytes);
      } catch (error) {
        thrown = error;
        throw error;
      }
    }
    const result = await examine({ ...entry, sizeBytes, open: bytes }, memory, keeping, call);
    return result.kind === "examined" ? { ...result, quality } : { ...result, error: thrown };
  } finally {
    await opened?.close();
  }
}
