import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FilePart } from "./multipart.js";

/** Bytes under a name. */
export interface StoredFile {
  readonly sizeBytes: number;
  open(): AsyncIterable<Uint8Array>;
  /** Up to so many bytes from there. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** A file that was received. */
export interface ReceivedFile {
  readonly digest: string;
  readonly stored: StoredFile;
}

/** Keeps the bytes of originals: small ones in memory, large ones in temporary files that go when it closes. */
export interface FileStore {
  get(name: string): StoredFile | undefined;
  /** Keeps the bytes under this name, or gives them by a function that makes them anew each time. */
  put(name: string, file: Uint8Array | StoredFile): void;
  /** A part that ends in a stored file, under its SHA-256. */
  receive(done: (file: ReceivedFile) => void): FilePart;
  close(): Promise<void>;
}

const HELD_IN_MEMORY = 4 * 1024 * 1024;

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

const inMemory = (bytes: Uint8Array): StoredFile => ({
  sizeBytes: bytes.length,
  open: () => once(bytes),
  read: (offset, length) =>
    Promise.resolve(bytes.subarray(Math.max(0, offset), Math.max(0, offset + length))),
});

const onDisk = (path: string, sizeBytes: number): StoredFile => ({
  sizeBytes,
  open: () => createReadStream(path),
  read: async (offset, length) => {
    const handle = await open(path);
    try {
      const buffer = Buffer.alloc(Math.max(0, Math.min(length, sizeBytes - offset)));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  },
});

/** A store without files. */
export function fileStore(): FileStore {
  const files = new Map<string, StoredFile>();
  let folder: Promise<string> | null = null;
  let received = 0;

  function receive(done: (file: ReceivedFile) => void): FilePart {
    const hash = createHash("sha256");
    let held: Uint8Array[] = [];
    let sizeBytes = 0;
    let spill: { readonly path: string; readonly handle: FileHandle } | null = null;
    return {
      async write(chunk) {
        hash.update(chunk);
        sizeBytes += chunk.length;
        if (spill === null) held.push(Uint8Array.from(chunk));
        else await spill.handle.writeFile(chunk);
        if (spill !== null || sizeBytes <= HELD_IN_MEMORY) return;
        folder ??= mkdtemp(join(tmpdir(), "flickr-emulator-"));
        received += 1;
        const path = join(await folder, String(received));
        spill = { path, handle: await open(path, "wx") };
        for (const piece of held) await spill.handle.writeFile(piece);
        held = [];
      },
      async end() {
        await spill?.handle.close();
        const digest = hash.digest("hex");
        const stored = spill === null ? inMemory(Buffer.concat(held)) : onDisk(spill.path, sizeBytes);
        files.set(digest, stored);
        done({ digest, stored });
      },
      abandon: async () => spill?.handle.close(),
    };
  }

  return {
    get: (name) => files.get(name),
    put: (name, file) => void files.set(name, file instanceof Uint8Array ? inMemory(file) : file),
    receive,
    close: async () => {
      files.clear();
      if (folder !== null) await rm(await folder, { recursive: true, force: true });
    },
  };
}
