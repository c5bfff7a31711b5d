import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { type BlobKey, type ContentHash, isBlobKey } from "../../../domain/ids.js";
import type { Call } from "../../../ports/call.js";
import { CHECKSUM_LIST, checksumLines } from "../../checksum-list.js";
import { headObject } from "../objects/s3-objects.js";
import { damaged, readOpened } from "../reading/read-opened.js";
import type { ProbedParts, S3Parts } from "../s3-parts.js";
import { judgeObject } from "./judge-object.js";
import { storeObject } from "./store-object.js";

/** More than ten million lines take; it only sets the size of the parts where the list is not sent whole. */
const MOST_BYTES = 2 * 1024 ** 3;

/**
 * Replaces the checksum list in one step; an equal one is left alone. Where names are sealed, so is a list that tells them, and it is made from
 * that one. Throws `bug.checksum-list`, and what requests throw.
 */
export async function replaceList(
  parts: ProbedParts,
  entries: AsyncIterable<{ readonly key: BlobKey; readonly hash: ContentHash }>,
  call: Call,
): Promise<void> {
  const { sealing, requests } = parts;
  const table = sealing.nameTable;
  if (table === null) {
    await replaceText(parts, CHECKSUM_LIST, checksumLines(entries), call);
    return;
  }
  let tableBytes = 0;
  async function* counted() {
    for await (const entry of entries) {
      tableBytes += nameLine(parts, entry.key).length;
      yield entry;
    }
  }
  const isNew = await replaceText(parts, CHECKSUM_LIST, checksumLines(counted()), call);
  const head = await headObject(requests, parts.objectOf(table), call);
  if (isNew || head?.sizeBytes !== sealing.sealedBytes(tableBytes))
    await replaceText(parts, table, nameLines(parts, call), call);
}

/** Tells the list, and that of the names where they are sealed, from others by their ETags; null where one is not there. */
export async function listStamp(parts: S3Parts, call: Call): Promise<string | null> {
  const { nameTable } = parts.sealing;
  const names = nameTable === null ? [CHECKSUM_LIST] : [CHECKSUM_LIST, nameTable];
  const heads = await Promise.all(
    names.map((name) => headObject(parts.requests, parts.objectOf(name), call)),
  );
  const stamps = heads.flatMap((head) =>
    head === null || head.etag === "" ? [] : `${head.etag} ${head.sizeBytes}`,
  );
  return stamps.length === names.length ? stamps.join(" ") : null;
}

const nameLine = ({ sealing }: ProbedParts, key: BlobKey): string => `${sealing.objectOf(key)}  ${key}\n`;

const CHUNK_CHARS = 64 * 1024;

/** Which object each blob of the checksum list is: the object's name, two spaces, the key. */
async function* nameLines(parts: ProbedParts, call: Call): AsyncGenerator<Uint8Array> {
  const gone = new Error("no list");
  const errors = {
    absent: async () => gone,
    damaged: (cause: unknown) => damaged(parts.name, CHECKSUM_LIST, cause),
  };
  const list = readOpened(parts, parts.objectOf(CHECKSUM_LIST), null, errors, call);
  let text = "";
  for await (const line of createInterface({
    input: Readable.from(list),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    const key = line.slice(66);
    if (!isBlobKey(key)) continue;
    text += nameLine(parts, key);
    if (text.length < CHUNK_CHARS) continue;
    yield Buffer.from(text);
    text = "";
  }
  if (text !== "") yield Buffer.from(text);
}

/** Puts a text in the place of what stands under a name, unless that is equal; tells whether it did. */
async function replaceText(
  parts: ProbedParts,
  name: string,
  lines: AsyncGenerator<Uint8Array>,
  call: Call,
): Promise<boolean> {
  const key = parts.objectOf(name);
  const first: Uint8Array[] = [];
  let firstBytes = 0;
  while (firstBytes <= parts.wholeBytes) {
    const { value, done } = await lines.next();
    if (done === true) break;
    first.push(value);
    firstBytes += value.length;
  }
  const stored = await storeObject(
    parts,
    {
      key,
      async *open() {
        yield* first;
        yield* lines;
      },
      sizeBytes: firstBytes <= parts.wholeBytes ? firstBytes : MOST_BYTES,
      ifAbsent: false,
      blob: null,
      isRaw: false,
      accept: async (found) => (await judgeObject(parts, key, found, call)).kind !== "right",
    },
    call,
  );
  return stored === "stored";
}
