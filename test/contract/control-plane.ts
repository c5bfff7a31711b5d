import { afterEach, describe, expect, it } from "vitest";
import type { CommitOutcome, ControlPlane, FileEdit } from "../../src/ports/control-plane.js";

/** A fresh, empty control plane and the owner's hands on its working tree. */
export interface OpenedControlPlane {
  readonly plane: ControlPlane;
  /** The file in the working tree, or null. */
  read(path: string): Promise<string | null>;
  write(path: string, text: string): Promise<void>;
  remove(path: string): Promise<void>;
  close(): Promise<void>;
}

const call = { signal: new AbortController().signal };
const put = (path: string, text: string): FileEdit => ({ path, bytes: Buffer.from(text, "utf8") });
const drop = (path: string): FileEdit => ({ path, bytes: null });
const textOf = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString("utf8"));

async function all<T>(source: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const one of source) found.push(one);
  return found;
}

function revisionOf(outcome: CommitOutcome): string {
  expect(outcome.kind).toBe("ok");
  return outcome.kind === "ok" ? outcome.revision : "";
}

/** What every control plane promises, whatever keeps its history. */
export function controlPlaneContract(
  name: string,
  options: { readonly open: () => Promise<OpenedControlPlane> },
): void {
  describe(`control plane: ${name}`, () => {
    const opened: OpenedControlPlane[] = [];
    const open = async () => {
      const one = await options.open();
      opened.push(one);
      return { ...one, base: await one.plane.head() };
    };
    afterEach(async () => {
      for (const one of opened.splice(0)) await one.close();
    });

    it("has no files before the first commit", async () => {
      const { plane, base } = await open();
      expect(base).toMatch(/^0{40}$/);
      expect(await all(plane.listFiles(base, "", call))).toEqual([]);
      expect(await plane.readFile(base, "a.json")).toBeNull();
      expect(await plane.treeId(base, "photos")).toBeNull();
      expect(await all(plane.history(base, call))).toEqual([]);
    });

    it("commits files and shows them in history, tree and working tree", async () => {
      const { plane, base, read } = await open();
      const revision = revisionOf(
        await plane.commit(base, [put("photos/a.json", "1\n"), put("b", "")], "add\n\nwhy", call),
      );
      expect(await plane.head()).toBe(revision);
      expect(textOf(await plane.readFile(revision, "photos/a.json"))).toBe("1\n");
      expect(textOf(await plane.readFile(revision, "b"))).toBe("");
      expect(await read("photos/a.json")).toBe("1\n");
      const [record] = await all(plane.history(revision, call));
      expect(record).toMatchObject({ revision, parents: [], message: "add\n\nwhy\n" });
      expect(record?.committedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/);
    });

    it("lists files in the order of their bytes and reads each by its id", async () => {
      const { plane, base } = await open();
      const paths = ["photos/b.json", "photos/b/x.json", "photos/b-c.json", "photos/é.json", "photos/z.json"];
      const revision = revisionOf(
        await plane.commit(
          base,
          paths.map((path) => put(path, path)),
          "add",
          call,
        ),
      );
      const listed = await all(plane.listFiles(revision, "photos", call));
      expect(listed.map((file) => file.path)).toEqual([
        "photos/b-c.json",
        "photos/b.json",
        "photos/b/x.json",
        "photos/z.json",
        "photos/é.json",
      ]);
      for (const file of listed) expect(textOf(await plane.readObject(file.oid))).toBe(file.path);
    });

    it("tells what differs between revisions, and gives equal folders equal ids", async () => {
      const { plane, base } = await open();
      const one = revisionOf(
        await plane.commit(base, [put("p/a", "1"), put("p/b", "1"), put("q/c", "1")], "one", call),
      );
      const two = revisionOf(
        await plane.commit(one, [put("p/a", "2"), drop("p/b"), put("p/d/e", "3")], "two", call),
      );
      const found = await all(plane.changes(one, two, "p", call));
      expect(found.map(({ path, before, after }) => [path, before !== null, after !== null])).toEqual([
        ["p/a", true, true],
        ["p/b", true, false],
        ["p/d/e", false, true],
      ]);
      expect(await all(plane.changes(one, two, "q", call))).toEqual([]);
      expect(await plane.treeId(one, "q")).toBe(await plane.treeId(two, "q"));
      expect(await plane.treeId(one, "p")).not.toBe(await plane.treeId(two, "p"));
    });

    it("makes no commit of edits that change nothing", async () => {
      const { plane, base } = await open();
      const one = revisionOf(await plane.commit(base, [put("a", "1")], "one", call));
      expect(await plane.commit(one, [put("a", "1"), drop("b")], "again", call)).toEqual({
        kind: "same",
        revision: one,
      });
      expect(await plane.commit(one, [put("a", "2"), put("a", "1")], "there and back", call)).toMatchObject({
        kind: "same",
      });
      expect(await plane.head()).toBe(one);
    });

    it("makes a commit of edits that change nothing where it is asked to, on the same contents", async () => {
      const { plane, base } = await open();
      const one = revisionOf(await plane.commit(base, [put("a", "1")], "one", call));
      const two = revisionOf(await plane.commit(one, [], "a word", { ...call, evenIfSame: true }));
      expect(await plane.head()).toBe(two);
      expect(await plane.treeId(two, "")).toBe(await plane.treeId(one, ""));
      const messages = (await all(plane.history(two, call))).map(({ message }) => message.trim());
      expect(messages.slice(0, 2)).toEqual(["a word", "one"]);
      expect(await plane.recover(call)).toEqual({ rolledForward: false });
    });

    it("lets the last edit of a path win", async () => {
      const { plane, base } = await open();
      const one = revisionOf(
        await plane.commit(base, [put("a", "1"), drop("a"), put("a", "3")], "one", call),
      );
      expect(textOf(await plane.readFile(one, "a"))).toBe("3");
    });

    it("removes files and the folders this empties, and no other folder", async () => {
      const { plane, base, read, write } = await open();
      const one = revisionOf(
        await plane.commit(base, [put("p/2024/01/a", "1"), put("p/2024/02/b", "1")], "one", call),
      );
      await write("p/2024/02/mine.txt", "mine");
      const two = revisionOf(
        await plane.commit(one, [drop("p/2024/01/a"), drop("p/2024/02/b")], "two", call),
      );
      expect(await all(plane.listFiles(two, "", call))).toEqual([]);
      expect(await read("p/2024/01/a")).toBeNull();
      expect(await read("p/2024/02/mine.txt")).toBe("mine");
    });

    it("refuses a base that is no longer HEAD", async () => {
      const { plane, base } = await open();
      const one = revisionOf(await plane.commit(base, [put("a", "1")], "one", call));
      expect(await plane.commit(base, [put("b", "1")], "late", call)).toEqual({
        kind: "diverged",
        paths: [],
      });
      expect(await plane.head()).toBe(one);
    });

    it("refuses to write over the owner's uncommitted edits, and names them", async () => {
      const { plane, base, read, write, remove } = await open();
      const one = revisionOf(
        await plane.commit(base, [put("a", "1"), put("b", "1"), put("c", "1")], "one", call),
      );
      await write("a", "mine");
      await remove("b");
      await write("d", "mine too");
      const edits = [put("a", "2"), put("b", "2"), drop("c"), put("d", "2")];
      expect(await plane.commit(one, edits, "two", call)).toEqual({
        kind: "diverged",
        paths: ["a", "b", "d"],
      });
      expect([await read("a"), await read("b"), await read("c"), await read("d")]).toEqual([
        "mine",
        null,
        "1",
        "mine too",
      ]);
      expect(await plane.head()).toBe(one);
    });

    it("takes a working copy that already holds the new bytes", async () => {
      const { plane, base, write } = await open();
      const one = revisionOf(await plane.commit(base, [put("a", "1")], "one", call));
      await write("a", "2");
      await write("b", "new");
      const two = revisionOf(await plane.commit(one, [put("a", "2"), put("b", "new")], "two", call));
      expect(await plane.uncommitted([""], call)).toEqual([]);
      expect(textOf(await plane.readFile(two, "b"))).toBe("new");
    });

    it("leaves edits elsewhere alone and reports them", async () => {
      const { plane, base, read, write, remove } = await open();
      const start = ["p/a", "p/b", "p/c"].map((path) => put(path, "1"));
      const one = revisionOf(await plane.commit(base, start, "one", call));
      await write("p/a", "mine");
      await remove("p/b");
      await write("p/new/x", "mine");
      revisionOf(await plane.commit(one, [put("p/c", "2")], "two", call));
      expect(await read("p/a")).toBe("mine");
      expect(await plane.uncommitted(["p"], call)).toEqual([
        { path: "p/a", state: "edited" },
        { path: "p/b", state: "deleted" },
        { path: "p/new/x", state: "untracked" },
      ]);
      const states = await plane.workingState(["p/a", "p/b", "p/c", "p/new/x", "p/none"]);
      expect([...states.values()]).toEqual(["edited", "deleted", "clean", "untracked", "absent"]);
    });

    it.each(["", "/a", "a/../b", "a//b", ".git/config", "a/.GIT/x", "git~1", "a\0b"])(
      "refuses the path %j",
      async (path) => {
        const { plane, base } = await open();
        await expect(plane.commit(base, [put(path, "1")], "bad", call)).rejects.toMatchObject({
          code: "commit.bad-path",
        });
        expect(await plane.head()).toBe(base);
      },
    );

    it("stops with `cancelled` on an abort and leaves HEAD where it was", async () => {
      const { plane, base, read } = await open();
      const abort = new AbortController();
      async function* edits() {
        yield put("a", "1");
        abort.abort();
        yield put("b", "1");
      }
      await expect(plane.commit(base, edits(), "cut", { signal: abort.signal })).rejects.toMatchObject({
        code: "cancelled",
      });
      expect(await plane.head()).toBe(base);
      expect(await read("a")).toBeNull();
      expect(await plane.recover(call)).toEqual({ rolledForward: false });
    });

    it("passes on an error of the edits and leaves everything as it was", async () => {
      const { plane, base, read } = await open();
      async function* edits() {
        yield put("a", "1");
        throw new Error("the source broke");
      }
      await expect(plane.commit(base, edits(), "cut", call)).rejects.toThrow("the source broke");
      expect(await plane.head()).toBe(base);
      expect(await read("a")).toBeNull();
    });
  });
}
