import { describe, expect, test } from "vitest";
import { choose } from "../../power-loss/choices.js";
import {
  type Choice,
  diskAfter,
  type Image,
  type Operation,
  ROOT,
  unsyncedAt,
} from "../../power-loss/model.js";
import { randomFrom } from "../../power-loss/random.js";

/** A disk that holds `old` with "old bytes" and an empty folder `box`. */
const OLD = 1;
const BOX = 2;
const NEW = 3;
const base: Image = new Map([
  [ROOT, { kind: "folder", entries: new Map([["old", OLD] as const, ["box", BOX] as const]) }],
  [OLD, { kind: "file", bytes: Buffer.from("old bytes") }],
  [BOX, { kind: "folder", entries: new Map() }],
]);

const at = (name: string, folder = ROOT) => ({ folder, name });
const create = (name: string): Operation => ({ kind: "name", place: at(name), inode: NEW, isFolder: false });
const write = (text: string, offset = 0, inode = NEW): Operation => ({
  ...{ kind: "write", inode, at: offset },
  bytes: Buffer.from(text),
});
const sync = (inode: number, covers: number): Operation => ({ kind: "sync", inode, covers });
const move = (from: string, to: string, folder = ROOT): Operation => ({
  ...{ kind: "move", from: at(from), place: at(to, folder) },
  inode: NEW,
});

/** Temporary file, sync, rename over `old`, sync of the folder. */
const replacing = [create("temp"), write("new"), sync(NEW, 2), move("temp", "old"), sync(ROOT, 4)];

const contents = (operations: readonly Operation[], choice: Partial<Choice>) =>
  Object.fromEntries(
    diskAfter(base, operations, {
      ...{ cut: operations.length, lostNames: new Set<number>(), fates: new Map() },
      ...choice,
    }).map(({ path, bytes }) => [path, bytes?.toString() ?? null]),
  );

describe("what is not synced", () => {
  test("a file's bytes are safe once it was synced, its name only once its folder was", () => {
    expect(unsyncedAt(replacing, 2)).toEqual({ names: [0], contents: new Map([[NEW, [1]]]) });
    expect(unsyncedAt(replacing, 4)).toEqual({ names: [0, 3], contents: new Map() });
    expect(unsyncedAt(replacing, 5)).toEqual({ names: [], contents: new Map() });
  });

  test("a move is safe once both folders were synced", () => {
    const operations = [create("temp"), move("temp", "kept", BOX), sync(BOX, 2)];
    expect(unsyncedAt(operations, 3).names).toEqual([0, 1]);
    expect(unsyncedAt([...operations, sync(ROOT, 3)], 4).names).toEqual([]);
  });

  test("a sync covers nothing that may have been made while it was under way", () => {
    expect(unsyncedAt([create("a"), write("x"), sync(NEW, 1)], 3).contents).toEqual(new Map([[NEW, [1]]]));
  });
});

describe("the disk after a cut", () => {
  test("a lost rename leaves the old file and the temporary one, a kept one only the new", () => {
    expect(contents(replacing, {})).toEqual({ old: "new", box: null });
    expect(contents(replacing, { cut: 4, lostNames: new Set([3]) })).toEqual({
      ...{ old: "old bytes", temp: "new", box: null },
    });
    expect(contents(replacing, { cut: 4, lostNames: new Set([0, 3]) })).toEqual({
      old: "old bytes",
      box: null,
    });
  });

  test("a rename may survive though the name before it was lost", () => {
    expect(contents(replacing, { cut: 4, lostNames: new Set([0]) })).toEqual({ old: "new", box: null });
  });

  test.each([
    ["whole", { kind: "whole" }, "abcdef"],
    ["none", { kind: "none" }, ""],
    ["length", { kind: "length" }, "\0".repeat(6)],
    ["prefix", { kind: "prefix", bytes: 2 }, "ab"],
  ] as const)("unsynced bytes: %s", (_name, fate, left) => {
    const operations = [create("a"), write("abc"), write("def", 3)];
    expect(contents(operations, { fates: new Map([[NEW, fate]]) })["a"]).toBe(left);
  });

  test("unsynced sectors are lost one by one, and old bytes stand where new ones were lost", () => {
    const text = `${"a".repeat(512)}${"b".repeat(512)}c`;
    const operations = [create("a"), write(text), sync(NEW, 2), write("x".repeat(1025))];
    const fates = new Map([[NEW, { kind: "sectors", keep: (sector: number) => sector === 1 } as const]]);
    expect(contents(operations, { fates })["a"]).toBe(`${"a".repeat(512)}${"x".repeat(512)}c`);
  });

  test("what was synced survives whatever is chosen, at every cut and in every style", () => {
    for (let seed = 0; seed < 200; seed++) {
      const { choice } = choose(replacing, replacing.length, randomFrom(seed));
      expect(contents(replacing, choice)).toEqual({ old: "new", box: null });
      const cut = seed % replacing.length;
      const earlier = contents(replacing, choose(replacing, cut, randomFrom(seed)).choice);
      expect(cut < 4 ? "old bytes" : earlier["old"]).toBe(earlier["old"]);
    }
  });

  test("a file that is never synced before its rename can be torn under its final name", () => {
    const hasty = [create("temp"), write("new"), move("temp", "old"), sync(ROOT, 3)];
    const seen = new Set<string | null | undefined>();
    for (let seed = 0; seed < 200; seed++)
      seen.add(contents(hasty, choose(hasty, 4, randomFrom(seed)).choice)["old"]);
    expect([...seen].sort()).toEqual(expect.arrayContaining(["", "\0\0\0", "n", "new"]));
  });
});
