import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { isRecord } from "../../../domain/is-record.js";
import { errnoOf, fileError, makeFolderDurably, writeFileDurably } from "../../../infra/durable-file.js";
import { type S3Place, s3Url } from "../settings/s3-place.js";

/** What was noted of one place. It may be lost. */
export interface PlaceFile {
  /** Null where nothing is noted of this place, or nothing that can be read. */
  read(): Promise<Readonly<Record<string, unknown>> | null>;
  write(notes: Readonly<Record<string, unknown>>): Promise<void>;
}

/** Notes in a file on this computer; those of another place are none. Throws what `fileError` makes of a failure. */
export function placeFile(path: string, place: S3Place): PlaceFile {
  const where = `${place.endpoint} ${s3Url(place)}`;
  return {
    async read() {
      try {
        return parsed(await readFile(path, "utf8"), where);
      } catch (error) {
        if (errnoOf(error) === "ENOENT") return null;
        throw fileError(error, path, "read");
      }
    },
    async write(notes) {
      const text = `${JSON.stringify({ format: 1, place: where, ...notes }, null, 2)}\n`;
      await makeFolderDurably(dirname(path)).catch((error: unknown) => {
        throw fileError(error, dirname(path), "create");
      });
      await writeFileDurably(path, new TextEncoder().encode(text));
    },
  };
}

function parsed(text: string, where: string): Readonly<Record<string, unknown>> | null {
  try {
    const json: unknown = JSON.parse(text);
    return isRecord(json) && json["format"] === 1 && json["place"] === where ? json : null;
  } catch {
    return null;
  }
}
