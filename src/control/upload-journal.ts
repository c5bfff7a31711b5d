import { createHash } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { isContentHash, isPhotoId, type PhotoId } from "../domain/ids.js";
import {
  errnoOf,
  fileError,
  makeFolderDurably,
  syncFolder,
  writeFileDurably,
} from "../infra/durable-file.js";
import type { PendingUpload, UploadJournal } from "../ports/upload-journal.js";
import { arrivedUploads } from "./arrived-uploads.js";
import { parseJson } from "./records.js";

const SUFFIX = ".json";

/** An account's folder: names of accounts may differ by case alone, which not every file system tells apart. */
const accountFolder = (root: string, account: string): string =>
  join(root, `${account.toLowerCase()}-${createHash("sha256").update(account).digest("hex").slice(0, 8)}`);

const isText = (value: unknown): value is string => typeof value === "string";

/** An upload of which only a damaged note is left: something was sent, nobody knows when. */
const damagedEntry = (photoId: PhotoId): PendingUpload => ({ photoId, begunAt: "1970-01-01T00:00:00Z" });

function entryOf(photoId: PhotoId, bytes: Uint8Array): PendingUpload {
  const parsed = parseJson(bytes);
  if ("problem" in parsed || typeof parsed.value !== "object" || parsed.value === null)
    return damagedEntry(photoId);
  const fields = new Map<string, unknown>(Object.entries(parsed.value));
  const [hash, begunAt, instanceId] = [fields.get("hash"), fields.get("begunAt"), fields.get("instanceId")];
  if (!isText(hash) || !isContentHash(hash) || !isText(begunAt)) return damagedEntry(photoId);
  return { photoId, hash, begunAt, ...(isText(instanceId) && { instanceId }) };
}

/**
 * The journal as small files under `root`, one for each upload under way: `<account>/<photo_id>.json`, and a list of what
 * arrived beside them. A damaged file still says that something was sent, so it counts as begun long ago.
 */
export function uploadJournal(root: string): UploadJournal {
  const lists = new Map<string, ReturnType<typeof arrivedUploads>>();
  const fileOf = (account: string, photoId: PhotoId) =>
    join(accountFolder(root, account), `${photoId}${SUFFIX}`);
  const arrivedOn = (account: string) => {
    const list = lists.get(account) ?? arrivedUploads(accountFolder(root, account));
    lists.set(account, list);
    return list;
  };

  const read = async (account: string, photoId: PhotoId): Promise<PendingUpload | null> => {
    const path = fileOf(account, photoId);
    try {
      return entryOf(photoId, await readFile(path));
    } catch (error) {
      if (errnoOf(error) === "ENOENT") return null;
      throw fileError(error, path, "read");
    }
  };

  const write = async (account: string, { photoId, ...rest }: PendingUpload): Promise<void> => {
    await makeFolderDurably(accountFolder(root, account));
    await writeFileDurably(fileOf(account, photoId), new TextEncoder().encode(`${JSON.stringify(rest)}\n`));
  };

  return {
    async pending(account) {
      const folder = accountFolder(root, account);
      const entries = new Map<PhotoId, PendingUpload>();
      const names = await readdir(folder).catch((error: unknown) => {
        if (errnoOf(error) === "ENOENT") return [];
        throw fileError(error, folder, "read");
      });
      for (const name of names.sort()) {
        const photoId = name.slice(0, -SUFFIX.length);
        if (!name.endsWith(SUFFIX) || !isPhotoId(photoId)) continue;
        const entry = await read(account, photoId);
        if (entry !== null) entries.set(photoId, entry);
      }
      return entries;
    },

    known: async (account, photoId) =>
      (await read(account, photoId)) ?? (await arrivedOn(account).of(photoId)),

    async begin(account, { photoId, hash, begunAt }) {
      const known = await read(account, photoId);
      if (known !== null && known.hash === hash) return known;
      const entry = { photoId, hash, begunAt };
      await write(account, entry);
      return entry;
    },

    async arrived(account, photoId, instanceId) {
      const known = await read(account, photoId);
      if (known !== null && known.instanceId !== instanceId) await write(account, { ...known, instanceId });
    },

    async settle(account, photoIds) {
      const ended: PendingUpload[] = [];
      for (const photoId of photoIds) {
        const entry = await read(account, photoId);
        if (entry !== null) ended.push(entry);
      }
      if (ended.length === 0) return;
      // What arrived is on its list before its note goes: a crash in between leaves both.
      await arrivedOn(account).add(ended);
      const folder = accountFolder(root, account);
      try {
        for (const { photoId } of ended) await rm(fileOf(account, photoId), { force: true });
        await syncFolder(folder);
      } catch (error) {
        throw fileError(error, folder, "remove");
      }
    },
  };
}
