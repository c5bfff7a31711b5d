import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type BlobKey, type ContentHash, isBlobKey, isContentHash } from "../../../domain/ids.js";
import { isRecord } from "../../../domain/is-record.js";
import { errnoOf, fileError, makeFolderDurably, writeFileDurably } from "../../../infra/durable-file.js";
import { digestOf } from "../../../infra/hash.js";

/** An upload in parts that this computer has begun, as it must be known to go on with it. */
export interface UploadNote {
  readonly key: BlobKey;
  readonly uploadId: string;
  readonly hash: ContentHash;
  readonly sizeBytes: number;
  readonly partBytes: number;
  /** What `Envelope.note` said. */
  readonly envelope: string | null;
}

/** The uploads in parts that this computer has begun in one store. What is noted survives a power cut. */
export interface UploadNotes {
  find(key: BlobKey): Promise<UploadNote | null>;
  keep(note: UploadNote): Promise<void>;
  drop(key: BlobKey): Promise<void>;
  all(): Promise<readonly UploadNote[]>;
}

function parsed(text: string): UploadNote | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(json)) return null;
  const { key, uploadId, hash, sizeBytes, partBytes, envelope = null } = json;
  if (typeof key !== "string" || !isBlobKey(key) || typeof hash !== "string" || !isContentHash(hash))
    return null;
  if (typeof uploadId !== "string" || typeof sizeBytes !== "number" || typeof partBytes !== "number")
    return null;
  if (envelope !== null && typeof envelope !== "string") return null;
  return { key, uploadId, hash, sizeBytes, partBytes, envelope };
}

/** One small file for each upload. An unreadable one counts as none: its parts are sent again. */
export function uploadNotes(folder: string): UploadNotes {
  const pathOf = (key: BlobKey) => join(folder, `${digestOf(key).slice(0, 32)}.json`);
  const read = async (path: string): Promise<UploadNote | null> => {
    try {
      return parsed(await readFile(path, "utf8"));
    } catch (error) {
      if (errnoOf(error) === "ENOENT") return null;
      throw fileError(error, path, "read");
    }
  };
  return {
    async find(key) {
      const note = await read(pathOf(key));
      return note?.key === key ? note : null;
    },
    async keep(note) {
      await makeFolderDurably(folder).catch((error: unknown) => {
        throw fileError(error, folder, "create");
      });
      await writeFileDurably(pathOf(note.key), new TextEncoder().encode(`${JSON.stringify(note)}\n`));
    },
    async drop(key) {
      await rm(pathOf(key), { force: true });
    },
    async all() {
      const names = await readdir(folder).catch((error: unknown) => {
        if (errnoOf(error) === "ENOENT") return [];
        throw fileError(error, folder, "list");
      });
      const notes = await Promise.all(
        names.filter((name) => /^[0-9a-f]{32}\.json$/.test(name)).map((name) => read(join(folder, name))),
      );
      return notes.filter((note) => note !== null);
    },
  };
}
