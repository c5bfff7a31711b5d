import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { folderEntries } from "../../../src/infra/archive/folder-entries.js";
import { tarEntries } from "../../../src/infra/archive/tar-entries.js";
import { zipEntries } from "../../../src/infra/archive/zip-entries.js";
import type { SourceEntry, SourceProblem } from "../../../src/ports/photo-source.js";
import { calm, collect } from "../../fixtures/archive/collect.js";
import { inTempFolder, sampleTree, writeTree } from "../../fixtures/archive/sample-tree.js";
import { writeTgz } from "../../fixtures/archive/tgz-writer.js";
import { directoryOffset, writeZip, zipOf } from "../../fixtures/archive/zip-writer.js";

/** Letters that every file system keeps apart and in order: one case, NFC, no reserved names. */
const segment = fc
  .string({ unit: fc.constantFrom(..."abcxyz019 -_()éüßж日本🏖"), minLength: 1, maxLength: 60 })
  .map((text) => `f${text}e`);
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 600 }),
  fc
    .tuple(fc.nat(255), fc.integer({ min: 1, max: 300_000 }))
    .map(([value, size]) => new Uint8Array(size).fill(value)),
);
/** Folders and files have different alphabets at their end, so that no name is both. */
const files = fc
  .uniqueArray(
    fc.record({
      name: fc
        .array(segment, { maxLength: 4 })
        .chain((folders) => segment.map((name) => [...folders, `${name}.jpg`].join("/"))),
      bytes,
      stored: fc.boolean(),
      descriptor: fc.boolean(),
      zip64: fc.boolean(),
    }),
    { selector: (file) => file.name, maxLength: 8 },
  )
  .map((list) =>
    list.filter(
      ({ name }) =>
        Buffer.byteLength(name) < 800 && name.split("/").every((part) => Buffer.byteLength(part) < 250),
    ),
  );

async function contentsOf(found: AsyncIterable<SourceEntry | SourceProblem>): Promise<[string, string][]> {
  const { contents, problems } = await collect(found);
  expect(problems).toEqual([]);
  return contents.map(([name, text]): [string, string] => [name, text]).sort();
}

// Random trees on a busy machine take longer than a unit test may.
describe("the same tree as zip, tgz and folder", { timeout: 60_000 }, () => {
  it("gives the sample tree back alike", () =>
    inTempFolder(async (root) => {
      const tree = Object.entries(sampleTree()).map(([name, content]) => ({
        name,
        bytes: Buffer.from(content),
      }));
      await writeTree(join(root, "folder"), sampleTree());
      await writeZip(join(root, "a.zip"), tree);
      await writeTgz(join(root, "a.tgz"), tree);
      const truth = tree.map(({ name, bytes: content }) => [name, content.toString("latin1")]).sort();
      expect(await contentsOf(zipEntries(join(root, "a.zip"), calm()))).toEqual(truth);
      expect(await contentsOf(tarEntries(join(root, "a.tgz"), calm()))).toEqual(truth);
      expect(await contentsOf(folderEntries(join(root, "folder"), {}, calm()))).toEqual(truth);
    }));

  it("gives the same names and bytes", () =>
    fc.assert(
      fc.asyncProperty(files, (tree) =>
        inTempFolder(async (root) => {
          const truth = tree
            .map((file): [string, string] => [file.name, Buffer.from(file.bytes).toString("latin1")])
            .sort();
          await mkdir(join(root, "folder"));
          await writeTree(
            join(root, "folder"),
            Object.fromEntries(tree.map((file) => [file.name, file.bytes])),
          );
          await writeZip(join(root, "a.zip"), tree, { zip64: tree.length % 2 === 1 });
          await writeTgz(
            join(root, "a.tgz"),
            tree.map(({ name, bytes: content }) => ({ name, bytes: content })),
          );
          expect(await contentsOf(zipEntries(join(root, "a.zip"), calm()))).toEqual(truth);
          expect(await contentsOf(tarEntries(join(root, "a.tgz"), calm()))).toEqual(truth);
          expect(await contentsOf(folderEntries(join(root, "folder"), {}, calm()))).toEqual(truth);
        }),
      ),
      { numRuns: 25 },
    ));

  it("never gives wrong bytes and never fails otherwise than by problems, whatever byte of a zip is wrong", () =>
    fc.assert(
      fc.asyncProperty(files, fc.nat(), fc.integer({ min: 1, max: 255 }), (tree, at, flip) =>
        inTempFolder(async (root) => {
          const zip = zipOf(tree);
          const broken = at % zip.length;
          zip.writeUInt8(zip.readUInt8(broken) ^ flip, broken);
          await writeFile(join(root, "a.zip"), zip);
          const truth = new Set(tree.map((file) => Buffer.from(file.bytes).toString("latin1")));
          const { contents } = await collect(zipEntries(join(root, "a.zip"), calm()));
          for (const [, text] of contents) expect(truth.has(text) || text.startsWith("archive.")).toBe(true);
        }),
      ),
      { numRuns: 50 },
    ));

  it("recovers from a zip cut anywhere exactly the entries that lie before the cut", () =>
    fc.assert(
      fc.asyncProperty(files, fc.nat(), (tree, at) =>
        inTempFolder(async (root) => {
          // Of an empty file the first 16 bytes of a 24-byte descriptor are a whole short one: it counts as recovered.
          const told = tree.map((file) => ({
            ...file,
            descriptor: file.descriptor && !file.stored && file.bytes.length > 0,
          }));
          const whole = zipOf(told);
          const length = at % (Math.max(0, directoryOffset(whole)) + 1);
          await writeFile(join(root, "a.zip"), whole.subarray(0, length));
          const before = told.filter(
            (_, index) => directoryOffset(zipOf(told.slice(0, index + 1))) <= length,
          );
          // The first 16 bytes of a long descriptor hold the checksum: what agrees with it may be recovered, or given up.
          const next = told.slice(0, before.length + 1);
          const isInDescriptor =
            next.at(-1)?.descriptor === true && directoryOffset(zipOf(next)) - length <= 8;
          const { contents } = await collect(zipEntries(join(root, "a.zip"), calm()));
          const recovered = isInDescriptor && contents.length === next.length ? next : before;
          expect(contents).toEqual(
            recovered.map((file) => [file.name, Buffer.from(file.bytes).toString("latin1")]),
          );
        }),
      ),
      { numRuns: 25 },
    ));
});
