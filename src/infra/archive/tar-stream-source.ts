import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { type Extract, extract } from "tar-stream";
import { closeRead } from "../close-read.js";
import { type ArchiveFile, openArchive } from "./archive-file.js";
import { readAt } from "./file-bytes.js";

const READ_AHEAD_BYTES = 1024 * 1024;
/** A tar ends with two blocks of 512 zero bytes (POSIX.1 pax, "ustar Interchange Format"); some writers leave one. */
const END_MARK_BYTES = 512;

/** Why a tar's stream ended before the tar did. */
export type TarFault =
  /** The file ends early. */
  | { readonly kind: "cut"; readonly cause: unknown }
  /** gzip's own checks failed, or the disk's. */
  | { readonly kind: "source"; readonly cause: unknown };

async function openBytes(archive: ArchiveFile): Promise<AsyncIterable<Uint8Array>> {
  const handle = await openArchive(archive);
  const magic = await readAt(handle, 0, 2);
  await closeRead(handle);
  const file = createReadStream(archive.path, { highWaterMark: READ_AHEAD_BYTES });
  if (magic[0] !== 0x1f || magic[1] !== 0x8b) return file;
  // Errors of the file reach the reader through the gunzip stream.
  return pipeline(file, createGunzip({ chunkSize: 128 * 1024 }), () => {});
}

/** Counts the zero bytes at the end of what has passed. */
function zeroTail(before: number, chunk: Uint8Array): number {
  let index = chunk.length;
  while (index > 0 && chunk[index - 1] === 0) index -= 1;
  return index === 0 ? before + chunk.length : chunk.length - index;
}

const drained = (tar: Extract): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      tar.off("drain", done);
      tar.off("close", done);
      resolve();
    };
    tar.on("drain", done);
    tar.on("close", done);
    if (tar.destroying) done();
  });

/**
 * A tar parser that is fed from an archive, gunzipped where it is gzip. The parser is never torn down when its source
 * breaks: it first hands out all that had arrived. `fault` is settled when the source has ended.
 */
export async function openTar(
  archive: ArchiveFile,
): Promise<{ readonly tar: Extract; readonly fault: Promise<TarFault | null> }> {
  const bytes = await openBytes(archive);
  // Archives older than POSIX have no magic; their headers still carry a checksum, which is verified.
  const options = { highWaterMark: 256 * 1024, allowUnknownFormat: true };
  const tar = extract(options);
  const feed = async (): Promise<TarFault | null> => {
    let zeros = 0;
    try {
      for await (const chunk of bytes) {
        if (tar.destroying) return null;
        zeros = zeroTail(zeros, chunk);
        if (!tar.write(chunk)) await drained(tar);
      }
    } catch (cause) {
      tar.end(null);
      // zlib's name for a stream that stops in the middle.
      const cut = cause instanceof Error && "code" in cause && cause.code === "Z_BUF_ERROR";
      return { kind: cut ? "cut" : "source", cause };
    }
    tar.end(null);
    return zeros >= END_MARK_BYTES ? null : { kind: "cut", cause: new Error("the end mark is missing") };
  };
  return { tar, fault: feed() };
}
