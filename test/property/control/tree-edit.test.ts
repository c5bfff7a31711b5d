import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeTree, type TreeEntry } from "../../../src/control/tree-codec.js";
import { EditedFolder } from "../../../src/control/tree-edit.js";
import { TreeNames } from "../../../src/control/tree-names.js";

/** Names around the slash that Git sorts folders by, so that files and folders of like names change places. */
const name = fc
  .array(fc.constantFrom("a", "b", "-", ".", "0", "\xe9"), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join(""))
  .filter((text) => text !== "." && text !== "..");
const mode = fc.constantFrom(0o100644, 0o100755, 0o120000, 0o160000, 0o40000);
const oid = fc.stringMatching(/^[0-9a-f]{40}$/);
const entries = fc.uniqueArray(fc.record({ name, mode, oid }), {
  selector: (entry) => entry.name,
  maxLength: 12,
});
const edits = fc.array(fc.record({ name, mode, oid, isGone: fc.boolean() }), { maxLength: 8 });

describe("a tree edited in place", () => {
  it("is the tree that all its entries would be encoded to", () => {
    fc.assert(
      fc.property(entries, edits, fc.boolean(), (before, changes, isNew) => {
        const kept = isNew ? [] : before;
        const expected = new Map<string, TreeEntry>(kept.map((entry) => [entry.name, entry]));
        const folder = new EditedFolder(isNew ? null : new TreeNames(encodeTree(kept), "x"));
        for (const { isGone, ...entry } of changes) {
          if (isGone) expected.delete(entry.name);
          else expected.set(entry.name, entry);
          folder.set(entry.name, isGone ? null : entry);
          expect(folder.find(entry.name)).toEqual(isGone ? null : entry);
        }
        expect(folder.bytes()).toEqual(encodeTree(expected.values()));
        const names = new TreeNames(folder.bytes(), "x");
        for (const entry of expected.values()) expect(names.find(entry.name)).toEqual(entry);
        for (const { name: gone } of [...before, ...changes])
          if (!expected.has(gone)) expect(names.find(gone)).toBeNull();
      }),
    );
  });
});
