import { createHash } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import {
  discardFile,
  fileError,
  makeFolderDurably,
  syncFolder,
  tempToken,
  writeFileDurably,
} from "../infra/durable-file.js";
import type { Call } from "../ports/call.js";
import { type BundleHeader, damagedBundle, parseBundleHeader } from "./bundle-header.js";
import { beginJournal } from "./commit-journal.js";
import { nullOid } from "./git-object.js";
import type { GitRepository } from "./git-repository.js";
import { moveHead, readHead } from "./head.js";
import { type IndexedPack, indexPack } from "./index-pack.js";
import { breathe } from "./pacer.js";
import { encodePackIndex, sortedPositions } from "./pack-index.js";
import { packTempPrefix } from "./pack-writer.js";
import { proveHistory } from "./prove-history.js";
import { writeFully } from "./write-fully.js";

const headerBytes = 64 * 1024;
const chunkBytes = 1024 * 1024;
const trailerBytes = 20;

/** What a bundle turned out to hold. */
export interface ReceivedBundle {
  readonly revision: string;
  readonly objects: number;
  readonly commits: number;
}

/**
 * Makes a bundle's history that of a repository without a commit. Everything in it is proven first: the pack's checksum, the id of every object, that all of the
 * history is there, and that its files can be written, and into the library alone. Then the branch is made and moved; the working tree is left to
 * `recoverRepository`, which finds the journal. Killed before that it leaves an unused pack at most. Throws `bundle.damaged` and `bundle.unsafe`
 * (integrity), and what `fileError` makes of the disk.
 */
export async function receiveBundle(
  repository: GitRepository,
  file: string,
  call: Call,
): Promise<ReceivedBundle> {
  const packDir = join(repository.gitDir, "objects", "pack");
  const temp = join(packDir, packTempPrefix + tempToken());
  try {
    await makeFolderDurably(packDir);
    const { header, trailer } = await copyPack(file, temp, call);
    const objects = await indexed(temp, call);
    const stem = join(packDir, `pack-${trailer.toString("hex")}`);
    renameSync(temp, `${stem}.pack`);
    await syncFolder(packDir);
    // Readers find packs by their index.
    await writeFileDurably(`${stem}.idx`, encodePackIndex(objects, sortedPositions(objects), trailer), {
      mode: 0o444,
    });
    const commits = await proveHistory(repository, header.revision, objects, call).catch((error: unknown) => {
      repository.objects.close();
      for (const path of [`${stem}.idx`, `${stem}.pack`]) discardFile(path);
      throw error;
    });
    await adopt(repository, header);
    return { revision: header.revision, objects: objects.count, commits };
  } catch (error) {
    throw fileError(error, temp, "write");
  } finally {
    discardFile(temp);
  }
}

/** Copies the pack out of a bundle, durably, and compares its checksum. */
async function copyPack(
  bundle: string,
  to: string,
  call: Call,
): Promise<{ readonly header: BundleHeader; readonly trailer: Buffer }> {
  const from = await open(bundle, "r");
  const file = openSync(to, "wx+", 0o444);
  try {
    const start = Buffer.alloc(headerBytes);
    const { bytesRead } = await from.read(start, 0, headerBytes, 0);
    const header = parseBundleHeader(start.subarray(0, bytesRead));
    const { size } = await from.stat();
    const endsAt = size - trailerBytes;
    if (endsAt < header.packStart) throw damagedBundle("it is cut short");
    const hash = createHash("sha1");
    const buffer = Buffer.alloc(chunkBytes);
    for (let at = header.packStart; at < endsAt; ) {
      await breathe(call);
      const { bytesRead: got } = await from.read(buffer, 0, Math.min(chunkBytes, endsAt - at), at);
      if (got === 0) throw damagedBundle("it is cut short");
      hash.update(buffer.subarray(0, got));
      writeFully(file, buffer.subarray(0, got));
      at += got;
    }
    const trailer = Buffer.alloc(trailerBytes);
    await from.read(trailer, 0, trailerBytes, endsAt);
    if (!hash.digest().equals(trailer))
      throw damagedBundle("its pack does not have the checksum that it ends with");
    writeFully(file, trailer);
    fsyncSync(file);
    return { header, trailer };
  } finally {
    closeSync(file);
    await from.close();
  }
}

async function indexed(pack: string, call: Call): Promise<IndexedPack> {
  const file = openSync(pack, "r");
  try {
    return await indexPack(file, call);
  } finally {
    closeSync(file);
  }
}

async function adopt(repository: GitRepository, { revision, ref }: BundleHeader): Promise<void> {
  const { gitDir, dir } = repository;
  if ((await readHead(gitDir)).ref !== ref)
    await writeFileDurably(join(gitDir, "HEAD"), Buffer.from(`ref: ${ref}\n`));
  const head = await readHead(gitDir);
  await beginJournal(dir, { base: nullOid, commit: revision, ref });
  repository.faultPoint("bundle-journaled");
  if (!(await moveHead(repository, head, revision)))
    throw damagedBundle("somebody else made a commit in this folder meanwhile");
}
