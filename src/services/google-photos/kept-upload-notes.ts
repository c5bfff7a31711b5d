import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { errnoOf, fileError, makeFolderDurably, writeFileDurably } from "../../infra/durable-file.js";
import { isJsonRecord, parseJsonBytes, textAt } from "../../infra/json-value.js";
import type { UploadNote, UploadNotes } from "./upload-notes.js";

function noteIn(bytes: Uint8Array): UploadNote | null {
  const value = parseJsonBytes(bytes)?.value;
  if (!isJsonRecord(value)) return null;
  const at = textAt(value, "at");
  const url = textAt(value, "url");
  const token = textAt(value, "token");
  if (at === undefined || Number.isNaN(Date.parse(at))) return null;
  if (value["kind"] === "begun" && url !== undefined && URL.canParse(url)) return { kind: "begun", url, at };
  return value["kind"] === "sent" && token !== undefined ? { kind: "sent", token, at } : null;
}

/**
 * Notes as small files in a folder of the library that is never committed, readable by their owner alone: an upload goes on after a
 * crash. A file that is damaged counts as none. Throws what `fileError` makes of a file-system error.
 */
export function keptUploadNotes(folder: string): UploadNotes {
  const fileOf = (hash: string): string => join(folder, `${hash}.json`);
  return {
    async read(hash) {
      try {
        return noteIn(await readFile(fileOf(hash)));
      } catch (error) {
        if (errnoOf(error) === "ENOENT") return null;
        throw fileError(error, fileOf(hash), "read");
      }
    },
    async write(hash, note) {
      await makeFolderDurably(folder);
      await writeFileDurably(fileOf(hash), new TextEncoder().encode(`${JSON.stringify(note)}\n`), {
        mode: 0o600,
      });
    },
    async forget(hash) {
      try {
        await rm(fileOf(hash), { force: true });
      } catch (error) {
        throw fileError(error, fileOf(hash), "remove");
      }
    },
  };
}
