import { execFileSync } from "node:child_process";
import { appendFile, mkdir, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { folderEntries } from "../../../src/infra/archive/folder-entries.js";
import type { FolderFilter } from "../../../src/infra/archive/folder-filter.js";
import { bytesOf, calm, codeOf, collect } from "../../fixtures/archive/collect.js";
import { inTempFolder, type Tree, writeTree } from "../../fixtures/archive/sample-tree.js";

const windows = process.platform === "win32";

const namesIn = (tree: Tree, filter: FolderFilter = {}): Promise<string[]> =>
  inTempFolder(async (root) => {
    await writeTree(root, tree);
    const { entries, problems } = await collect(folderEntries(root, filter, calm()));
    expect(problems).toEqual([]);
    return entries.map((entry) => entry.name);
  });

describe("folderEntries", () => {
  it("lists files at every depth, sorted within each folder by code point", async () => {
    const names = await namesIn({
      "b.jpg": "1",
      "B.jpg2": "2",
      "a/z.jpg": "3",
      "a/é.jpg": "4",
      "a/y/1.jpg": "5",
      "ab.jpg": "6",
    });
    expect(names).toEqual(["B.jpg2", "a/y/1.jpg", "a/z.jpg", "a/é.jpg", "ab.jpg", "b.jpg"]);
  });

  it("tells size, time, stamp and bytes", () =>
    inTempFolder(async (root) => {
      await writeTree(root, { "a.jpg": "photo" });
      const path = join(root, "a.jpg");
      await utimes(path, 1_700_000_000, 1_700_000_000);
      const { entries, contents } = await collect(folderEntries(root, {}, calm()));
      expect(entries[0]).toMatchObject({
        name: "a.jpg",
        location: { path },
        sizeBytes: 5,
        modifiedAt: "2023-11-14T22:13:20.000Z",
      });
      expect(entries[0]?.stamp).toMatch(/^5:1700000000000:[\d.]+:\d+$/);
      expect(contents).toEqual([["a.jpg", "photo"]]);
    }));

  it("changes the stamp when the contents change, though size and time are as before", () =>
    inTempFolder(async (root) => {
      const stampOf = async () => (await collect(folderEntries(root, {}, calm()))).entries[0]?.stamp;
      const stamps = new Set<string | undefined>();
      for (const text of ["one", "two", "six"]) {
        await writeTree(root, { "a.jpg": text });
        await utimes(join(root, "a.jpg"), 1_700_000_000, 1_700_000_000);
        const stamp = await stampOf();
        expect(await stampOf()).toBe(stamp);
        stamps.add(stamp);
        // File systems keep times no finer than the kernel's tick.
        await setTimeout(30);
      }
      expect(stamps.size).toBe(3);
    }));

  it("never lists what systems and programs keep beside photos", async () => {
    const litter = [
      ".git/x",
      ".photosync/x",
      "@eaDir/x",
      ".Trashes/x",
      "System Volume Information/x",
      "$RECYCLE.BIN/x",
      "Thumbs.db",
      ".DS_Store",
      "._a.jpg",
    ];
    const tree = Object.fromEntries([...litter, "a.jpg", "node_modules/b.jpg"].map((name) => [name, "x"]));
    expect(await namesIn(tree, { hidden: true })).toEqual(["a.jpg", "node_modules/b.jpg"]);
  });

  it("lists hidden files and folders only when told to", async () => {
    const tree = { "a.jpg": "x", ".b.jpg": "x", ".c/d.jpg": "x" };
    expect(await namesIn(tree)).toEqual(["a.jpg"]);
    expect(await namesIn(tree, { hidden: true })).toEqual([".b.jpg", ".c/d.jpg", "a.jpg"]);
  });

  it.each<[FolderFilter, string[]]>([
    [{ include: ["**/*.jpg"] }, ["2023/b.JPG", "Trash/c.jpg", "a.jpg"]],
    [{ include: ["*.jpg"] }, ["2023/b.JPG", "Trash/c.jpg", "a.jpg"]],
    [{ include: ["2023/**"] }, ["2023/b.JPG", "2023/été.png"]],
    [{ include: ["2023/e\u0301t*"] }, ["2023/été.png"]],
    [{ exclude: ["trash/**"] }, ["2023/b.JPG", "2023/été.png", "a.jpg"]],
    [{ exclude: ["Trash"] }, ["2023/b.JPG", "2023/été.png", "a.jpg"]],
    [{ include: ["*.jpg"], exclude: ["2023/**", "a.*"] }, ["Trash/c.jpg"]],
  ])("lists by globs: %o", async (filter, names) => {
    const tree = { "a.jpg": "x", "2023/b.JPG": "x", "2023/été.png": "x", "Trash/c.jpg": "x" };
    expect(await namesIn(tree, filter)).toEqual(names);
  });

  it("reads a file of several chunks whole", () =>
    inTempFolder(async (root) => {
      const bytes = Buffer.alloc(2_500_000, "photo");
      await writeTree(root, { "a.mov": bytes });
      const { contents } = await collect(folderEntries(root, {}, calm()));
      expect(contents[0]?.[1] === bytes.toString("latin1")).toBe(true);
    }));

  it("stops between files and within one when the call is aborted", () =>
    inTempFolder(async (root) => {
      await writeTree(root, { "a.mov": Buffer.alloc(3_000_000), "b.jpg": "x" });
      const stop = new AbortController();
      const listing = async () => {
        for await (const found of folderEntries(root, {}, stop)) {
          if (found.kind !== "entry") continue;
          const reading = async () => {
            for await (const _ of found.open()) stop.abort();
          };
          expect(await codeOf(reading())).toBe("cancelled");
        }
      };
      expect(await codeOf(listing())).toBe("cancelled");
    }));
});

describe("folderEntries with links", () => {
  // Windows needs a privilege for links to files; junctions to folders do without.
  const link = (target: string, path: string) => symlink(target, path, "junction");

  it("enters linked folders once, ends loops, and lets real folders keep their names", () =>
    inTempFolder(async (root) => {
      await writeTree(root, { "tree/z/a.jpg": "x", "tree/b.jpg": "x", "outside/c.jpg": "x" });
      await link(join(root, "tree"), join(root, "tree", "z", "loop"));
      await link(join(root, "tree", "z"), join(root, "tree", "a-link"));
      await link(join(root, "outside"), join(root, "tree", "out-1"));
      await link(join(root, "outside"), join(root, "tree", "out-2"));
      const { entries, problems } = await collect(folderEntries(join(root, "tree"), {}, calm()));
      expect(problems).toEqual([]);
      expect(entries.map((entry) => entry.name)).toEqual(["b.jpg", "z/a.jpg", "out-1/c.jpg"]);
    }));

  it("leaves out what it must not list, by whatever way it is reached", () =>
    inTempFolder(async (root) => {
      await writeTree(root, { "tree/a.jpg": "1", "tree/store/b.jpg": "2", "tree/part.zip": "3" });
      await link(join(root, "tree", "store"), join(root, "tree", "way-in"));
      const without = [join(root, "tree", "store"), join(root, "tree", "part.zip"), join(root, "gone")];
      const { entries, problems } = await collect(folderEntries(join(root, "tree"), { without }, calm()));
      expect([entries.map(({ name }) => name), problems]).toEqual([["a.jpg"], []]);
    }));

  it("reports links that lead nowhere", () =>
    inTempFolder(async (root) => {
      await writeTree(root, { "a.jpg": "x" });
      await link(join(root, "gone"), join(root, "broken"));
      const { codes, contents } = await collect(folderEntries(root, {}, calm()));
      expect(codes).toEqual([[join(root, "broken"), "file.broken-link"]]);
      expect(contents).toEqual([["a.jpg", "x"]]);
    }));

  it.runIf(!windows)("follows links to files, and links in a circle nowhere", () =>
    inTempFolder(async (root) => {
      await writeTree(root, { "real/a.jpg": "photo" });
      await symlink(join(root, "real", "a.jpg"), join(root, "b.jpg"));
      await symlink("self", join(root, "self"));
      const { codes, contents } = await collect(folderEntries(root, { exclude: ["real"] }, calm()));
      expect(contents).toEqual([["b.jpg", "photo"]]);
      expect(codes).toEqual([[join(root, "self"), "file.broken-link"]]);
    }),
  );
});

describe("folderEntries in hostile folders", () => {
  it("reports a root that is not there, or is a file", () =>
    inTempFolder(async (root) => {
      await writeTree(root, { file: "x" });
      const codesOf = async (path: string) => (await collect(folderEntries(path, {}, calm()))).codes;
      expect(await codesOf(join(root, "no"))).toEqual([[join(root, "no"), "file.not-found"]]);
      expect(await codesOf(join(root, "file"))).toEqual([[join(root, "file"), "file.unreadable"]]);
    }));

  it("reports folders that vanish or cannot be listed, and goes on", () =>
    inTempFolder(async (root) => {
      await writeTree(root, { "a.jpg": "x", "b/1.jpg": "x", "c/1.jpg": "x", "d.jpg": "x" });
      const seen: string[] = [];
      for await (const found of folderEntries(root, {}, calm())) {
        if (seen.length === 0) {
          await rm(join(root, "b"), { recursive: true });
          await rename(join(root, "c"), join(root, "old"));
          await writeFile(join(root, "c"), "now a file");
          await rm(join(root, "d.jpg"));
        }
        seen.push(found.kind === "entry" ? found.name : found.failure.code);
      }
      expect(seen).toEqual(["a.jpg", "file.vanished", "file.unreadable", "file.vanished"]);
    }));

  it("throws for files that vanish, change or become folders between listing and reading", () =>
    inTempFolder(async (root) => {
      await writeTree(root, { "1-gone": "x", "2-grown": "x", "3-touched": "x", "4-folder": "x" });
      const { entries } = await collect(folderEntries(root, {}, calm()));
      await rm(join(root, "1-gone"));
      await appendFile(join(root, "2-grown"), "more");
      await utimes(join(root, "3-touched"), 1, 1);
      await rm(join(root, "4-folder"));
      await mkdir(join(root, "4-folder"));
      const codes = await Promise.all(entries.map((entry) => codeOf(bytesOf(entry.open()))));
      const folderCode = windows ? "file.unreadable" : "file.not-regular";
      expect(codes).toEqual([
        "file.vanished",
        "file.changed-while-read",
        "file.changed-while-read",
        folderCode,
      ]);
    }));

  it("notices a file that grows while it is being read", () =>
    inTempFolder(async (root) => {
      await writeTree(root, { "a.mov": Buffer.alloc(3_000_000) });
      for await (const found of folderEntries(root, {}, calm())) {
        if (found.kind !== "entry") continue;
        const reading = async () => {
          for await (const _ of found.open()) await appendFile(join(root, "a.mov"), "more");
        };
        expect(await codeOf(reading())).toBe("file.changed-while-read");
      }
    }));

  it.runIf(!windows)("never opens pipes and sockets", () =>
    inTempFolder(async (root) => {
      await writeTree(root, { "a.jpg": "x" });
      execFileSync("mkfifo", [join(root, "pipe")]);
      const server = createServer().listen(join(root, "socket"));
      await new Promise((resolve) => server.once("listening", resolve));
      await symlink(join(root, "pipe"), join(root, "z-link"));
      const { codes, contents } = await collect(folderEntries(root, {}, calm()));
      await new Promise((resolve) => server.close(resolve));
      expect(contents).toEqual([["a.jpg", "x"]]);
      expect(codes.map(([, code]) => code)).toEqual(Array(3).fill("file.not-regular"));
    }),
  );

  it.runIf(process.platform === "linux")("reports names that are not in UTF-8, showing their bytes", () =>
    inTempFolder(async (root) => {
      await writeTree(root, { "a.jpg": "x" });
      await writeFile(
        Buffer.concat([Buffer.from(`${root}/gr`), Buffer.from([0xf6]), Buffer.from(".jpg")]),
        "x",
      );
      const { codes, contents } = await collect(folderEntries(root, {}, calm()));
      expect(contents).toEqual([["a.jpg", "x"]]);
      expect(codes).toEqual([[join(root, "gr\\xf6.jpg"), "file.name-not-utf8"]]);
    }),
  );

  it.runIf(process.platform === "linux")("gives files in NFD a name in NFC and still opens them", () =>
    inTempFolder(async (root) => {
      await writeTree(root, { "e\u0301.jpg": "decomposed", "\u00e9.jpg": "composed" });
      const { contents, entries } = await collect(folderEntries(root, {}, calm()));
      expect(contents).toEqual([
        ["\u00e9.jpg", "decomposed"],
        ["\u00e9.jpg", "composed"],
      ]);
      expect(new Set(entries.map((entry) => entry.location.path)).size).toBe(2);
    }),
  );
});
