import fc from "fast-check";
import { expect, it } from "vitest";
import { GitIndex } from "../../../src/control/git-index.js";
import { unknownStat } from "../../../src/control/git-index-stat.js";
import { updatedIndex } from "../../../src/control/git-index-update.js";
import { IndexFileBytes } from "../../../src/control/index-file-bytes.js";
import { applyDelta } from "../../../src/control/pack-delta.js";
import { encodeTree, parseTree } from "../../../src/control/tree-codec.js";
import { TreeNames } from "../../../src/control/tree-names.js";
import { PhotosyncError } from "../../../src/domain/errors.js";
import { runs } from "../runs.js";

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
const oid = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .map((array) => Buffer.from(array).toString("hex"));
const name = fc
  .string({ unit: fc.constantFrom("a", "b", "-", ".", "0", "é"), minLength: 1, maxLength: 6 })
  .map((text) => Buffer.from(text, "utf8").toString("latin1"));

/** Whatever is in a file, the answer is a result or an error with a code; never a hang, never a defect. */
function expectKnownError(parse: () => unknown): void {
  try {
    parse();
  } catch (error) {
    expect(error).toBeInstanceOf(PhotosyncError);
  }
}

it("reads any bytes as index, tree or delta without a defect", () => {
  fc.assert(
    fc.property(bytes(200), bytes(200), (one, two) => {
      expectKnownError(() => GitIndex.parse(one, 0n));
      expectKnownError(() => parseTree(one, "x"));
      expectKnownError(() => new TreeNames(one, "x").find("a"));
      expectKnownError(() => applyDelta(one, two));
    }),
  );
});

it("reads an index with any one byte changed, and a good checksum, without a defect", () => {
  const paths = ["a", "b/c.json", "b/d.json"];
  const updates = paths.map((path) => ({
    path,
    entry: { oid: "1".repeat(40), mode: 0o100644, stat: unknownStat(0o100644) },
  }));
  const file = updatedIndex(GitIndex.empty(), updates);
  fc.assert(
    fc.property(fc.nat(file.length - 1), fc.nat(255), fc.boolean(), (at, byte, zeroTrailer) => {
      const changed = Buffer.from(file);
      changed[at] = byte;
      if (zeroTrailer) changed.fill(0, changed.length - 20);
      expectKnownError(() => {
        const index = GitIndex.parse(changed, 0n);
        for (const path of paths) index.find(path);
        updatedIndex(index, updates);
      });
    }),
    { numRuns: runs(500) },
  );
});

it("finds every name of a tree and no other, and reads back what it wrote", () => {
  const entry = fc.record({ name, oid, mode: fc.constantFrom(0o100644, 0o100755, 0o120000, 0o40000) });
  fc.assert(
    fc.property(
      fc.uniqueArray(entry, { selector: (one) => one.name, maxLength: 30 }),
      name,
      (entries, other) => {
        const tree = encodeTree(entries);
        const names = new TreeNames(tree, "x");
        for (const one of entries) expect(names.find(one.name)).toEqual(one);
        expect(names.find(other)).toEqual(entries.find((one) => one.name === other) ?? null);
        expect(new Set(parseTree(tree, "x"))).toEqual(new Set(entries));
      },
    ),
  );
});

it("an index holds exactly the last update of each path, in order", () => {
  const update = fc.record({ path: name, there: fc.boolean() });
  const batch = fc.uniqueArray(update, { selector: (one) => one.path, maxLength: 12 });
  fc.assert(
    fc.property(fc.array(batch, { maxLength: 4 }), (batches) => {
      const model = new Set<string>();
      let index = GitIndex.parse(new IndexFileBytes().finish(false), 0n);
      for (const updates of batches) {
        const sorted = [...updates].sort((a, b) => (a.path < b.path ? -1 : 1));
        for (const { path, there } of sorted) model[there ? "add" : "delete"](path);
        const entry = { oid: "1".repeat(40), mode: 0o100644, stat: unknownStat(0o100644) };
        const file = updatedIndex(
          index,
          sorted.map(({ path, there }) => ({ path, entry: there ? entry : null })),
        );
        index = GitIndex.parse(file, 0n);
      }
      expect(Array.from({ length: index.count }, (_, at) => index.pathAt(at))).toEqual([...model].sort());
    }),
  );
});
