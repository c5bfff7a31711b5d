import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isContentHash, isPhotoId, type PhotoId } from "../domain/ids.js";
import { errnoOf, fileError, syncFolder } from "../infra/durable-file.js";
import type { PendingUpload } from "../ports/upload-journal.js";
import { parseJson } from "./records.js";

/** Not `.json`, so that nobody takes it for a note of an upload under way. */
const FILE = "arrived.jsonl";

type Arrived = Required<PendingUpload>;

const hasArrived = (upload: PendingUpload): upload is Arrived =>
  upload.hash !== undefined && upload.instanceId !== undefined;

/** A line of the list; null for one that a crash cut short, or that somebody damaged. */
function arrivedIn(line: string): Arrived | null {
  const parsed = parseJson(new TextEncoder().encode(line));
  if ("problem" in parsed || typeof parsed.value !== "object" || parsed.value === null) return null;
  const fields = new Map<string, unknown>(Object.entries(parsed.value));
  const text = (name: string) => {
    const value = fields.get(name);
    return typeof value === "string" ? value : "";
  };
  const [photoId, hash, instanceId] = [text("photoId"), text("hash"), text("instanceId")];
  if (!isPhotoId(photoId) || !isContentHash(hash) || instanceId === "") return null;
  return { photoId, hash, instanceId, begunAt: text("begunAt") };
}

/**
 * The uploads to an account that arrived, in a file of `folder` that is only appended to: about 200 bytes an upload, read
 * whole when the first one is asked for. The last line about a photo counts.
 */
export function arrivedUploads(folder: string) {
  const path = join(folder, FILE);
  let read: Promise<Map<PhotoId, Arrived>> | null = null;

  const load = async (): Promise<Map<PhotoId, Arrived>> => {
    const text = await readFile(path, "utf8").catch((error: unknown) => {
      if (errnoOf(error) === "ENOENT") return "";
      throw fileError(error, path, "read");
    });
    const found = text
      .split("\n")
      .flatMap((line) => (line === "" ? [] : [arrivedIn(line)]))
      .filter((one) => one !== null);
    return new Map(found.map((one) => [one.photoId, one]));
  };
  const all = () => {
    read ??= load();
    return read;
  };

  return {
    of: async (photoId: PhotoId): Promise<PendingUpload | null> => (await all()).get(photoId) ?? null,

    /** Adds those that have an id; resolves when they survive a power cut. */
    async add(uploads: readonly PendingUpload[]): Promise<void> {
      const added = uploads.filter(hasArrived);
      if (added.length === 0) return;
      const known = await all();
      try {
        const handle = await open(path, "a");
        try {
          // A line of its own, whatever a crash left at the end of the file.
          await handle.appendFile(added.map((one) => `\n${JSON.stringify(one)}`).join(""));
          await handle.sync();
        } finally {
          await handle.close();
        }
        await syncFolder(folder);
      } catch (error) {
        throw fileError(error, path, "write");
      }
      for (const one of added) known.set(one.photoId, one);
    },
  };
}
