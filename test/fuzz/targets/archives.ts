import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { plainName, unsafeName } from "../../../src/infra/archive/entry-name.js";
import { locationReader } from "../../../src/infra/archive/open-location.js";
import { archiveKind } from "../../../src/infra/archive/sniff-archive.js";
import { tarEntries } from "../../../src/infra/archive/tar-entries.js";
import { zipEntries } from "../../../src/infra/archive/zip-entries.js";
import type { SourceEntry, SourceProblem } from "../../../src/ports/photo-source.js";
import { calm } from "../../fixtures/archive/collect.js";
import { sampleTree } from "../../fixtures/archive/sample-tree.js";
import { rawTarHeader, tarOf, tgzOf } from "../../fixtures/archive/tgz-writer.js";
import { type ZipInput, zipOf } from "../../fixtures/archive/zip-writer.js";
import { cleanError, promise, type Target } from "../target.js";

/** No entry of a small archive may give more: deflate reaches 1032 to 1. */
const MOST_EXPANDED_BYTES = 256 * 1024 * 1024;

async function contentOf(
  open: () => AsyncIterable<Uint8Array>,
): Promise<readonly [string, number] | { readonly code: string }> {
  const sum = createHash("sha256");
  let sizeBytes = 0;
  try {
    for await (const chunk of open()) {
      sum.update(chunk);
      sizeBytes += chunk.length;
      promise(sizeBytes < MOST_EXPANDED_BYTES, "an entry expands without bound");
    }
  } catch (error) {
    return cleanError(error);
  }
  return [sum.digest("hex").slice(0, 16), sizeBytes];
}

async function readThrough(
  path: string,
  found: AsyncIterable<SourceEntry | SourceProblem>,
): Promise<readonly unknown[]> {
  const seen: unknown[] = [];
  const keys = new Set<string>();
  for await (const one of found) {
    promise(one.location.path === path, "an entry of another file");
    if (one.kind === "problem") {
      promise(one.failure.code !== "" && one.failure.message !== "", "a problem without words");
      seen.push([one.location.entry ?? null, one.failure.code]);
      continue;
    }
    const { entry = "" } = one.location;
    promise(unsafeName(one.name) === null, `the unsafe name ${JSON.stringify(one.name)}`);
    promise(plainName(one.name) === one.name, `the name ${JSON.stringify(one.name)} is not plain`);
    promise(!keys.has(entry), `two entries called ${JSON.stringify(entry)}`);
    promise(Number.isSafeInteger(one.sizeBytes) && one.sizeBytes >= 0, `a size of ${one.sizeBytes}`);
    promise(one.modifiedAt === undefined || !Number.isNaN(Date.parse(one.modifiedAt)), "a time that is none");
    keys.add(entry);
    const content = await contentOf(() => one.open());
    if (!("code" in content))
      promise(content[1] === one.sizeBytes, "an entry gives more or less than its size");
    seen.push([one.name, entry, content]);
  }
  return seen;
}

async function inFile(
  input: Buffer,
  scratch: string,
  name: string,
  read: (path: string) => Promise<unknown>,
): Promise<unknown> {
  const path = join(scratch, name);
  writeFileSync(path, input);
  const result = await read(path);
  // Times of the file are no part of what is read; the path is the same each time.
  return result;
}

const files = (): ZipInput[] =>
  Object.entries(sampleTree()).map(([name, bytes]) => ({ name, bytes: Buffer.from(bytes) }));
const photo: ZipInput = {
  name: "a.jpg",
  bytes: Buffer.from("\xff\xd8\xff\xe0some bytes of a picture", "latin1"),
};

/** Header checksums as ustar wants them, wherever a block looks like a header. */
function withTarSums(bytes: Buffer): Buffer {
  const fixed = Buffer.from(bytes);
  for (let at = 0; at + 512 <= fixed.length; at += 512) {
    if (fixed.toString("latin1", at + 257, at + 262) !== "ustar") continue;
    fixed.fill(0x20, at + 148, at + 156);
    let sum = 0;
    for (let i = at; i < at + 512; i++) sum += fixed[i] ?? 0;
    fixed.write(`${sum.toString(8).padStart(6, "0")}\0 `, at + 148, "latin1");
  }
  return fixed;
}

/** Archives, as files on disk: what they list, every entry's bytes, and reading one entry by its place. */
export const ARCHIVE_TARGETS: readonly Target[] = [
  {
    name: "zip",
    mutation: "bytes",
    seeds: () => [
      zipOf(files()),
      zipOf([
        { ...photo, descriptor: true },
        { ...photo, name: "b.jpg", descriptor: true, zip64: true },
      ]),
      zipOf([{ ...photo, zip64: true, stored: true, modified: new Date("2024-01-15T10:30:00Z") }, photo], {
        zip64: true,
      }),
      zipOf(files()).subarray(0, -60),
      zipOf([
        { ...photo, unixMode: 0o120777 },
        { ...photo, name: "../x.jpg" },
        { ...photo, flags: 1 },
      ]),
    ],
    tokens: [
      "PK\x03\x04",
      "PK\x01\x02",
      "PK\x05\x06",
      "PK\x06\x06",
      "PK\x06\x07",
      "PK\x07\x08",
      "UT\x05\x00",
      "\x01\x00\x18\x00",
      "up\x0a\x00",
      "../",
      "/",
      "\\",
    ],
    files: /\.zip$/i,
    run: (input, scratch) =>
      inFile(input, scratch, "x.zip", async (path) => {
        const seen = await readThrough(path, zipEntries(path, calm()));
        const reader = locationReader(scratch);
        const again = await contentOf(() => reader.open({ path: "x.zip", entry: "a.jpg" }, calm()));
        return [seen, again, await archiveKind(path)];
      }),
  },
  {
    name: "tar",
    mutation: "bytes",
    seeds: async () => [
      await tarOf(Object.entries(sampleTree()).map(([name, bytes]) => ({ name, bytes: Buffer.from(bytes) }))),
      await tarOf([
        { name: "a.jpg", bytes: photo.bytes, pax: { comment: "x", mtime: "1.5" } },
        { name: "l", type: "symlink", linkname: "../x" },
        { name: "d/", type: "directory" },
      ]),
      Buffer.concat([
        rawTarHeader("././@LongLink", 6, "L"),
        Buffer.from("a.jpg\0"),
        Buffer.alloc(506),
        rawTarHeader("b", 3, "0"),
        Buffer.from("abc"),
        Buffer.alloc(509),
        Buffer.alloc(1024),
      ]),
    ],
    tokens: [
      "ustar\x0000",
      "ustar  \0",
      "././@LongLink",
      "PaxHeader",
      "30 mtime=1.5\n",
      "11 path=a/b\n",
      "00000000000 ",
      "\x80\0\0\0\0\0\0\0\xff",
      "7777777777\0",
      "../",
    ],
    repair: withTarSums,
    run: (input, scratch) =>
      inFile(input, scratch, "x.tar", (path) => readThrough(path, tarEntries(path, calm()))),
  },
  {
    name: "tgz",
    mutation: "bytes",
    seeds: async () => [
      await tgzOf(Object.entries(sampleTree()).map(([name, bytes]) => ({ name, bytes: Buffer.from(bytes) }))),
      gzipSync(Buffer.alloc(2048)),
      await tgzOf([{ name: "a.jpg", bytes: photo.bytes }]),
    ],
    tokens: ["\x1f\x8b\x08\x00", "\x1f\x8b\x08\x1f"],
    files: /\.t(ar\.)?gz$/i,
    run: (input, scratch) =>
      inFile(input, scratch, "x.tgz", async (path) => {
        const seen = await readThrough(path, tarEntries(path, calm()));
        const again = await contentOf(() =>
          locationReader(scratch).open({ path: "x.tgz", entry: "a.jpg" }, calm()),
        );
        return [seen, again];
      }),
  },
];
