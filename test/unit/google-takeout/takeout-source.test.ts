import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SourceEntry, SourceProblem } from "../../../src/ports/photo-source.js";
import type { ExportReaders } from "../../../src/services/exports/part-entries.js";
import { takeoutSource } from "../../../src/services/google-takeout/takeout-source.js";
import { examine, media, sidecar } from "./grouping.js";

const call = { signal: new AbortController().signal };
let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "photosync-takeout-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Readers that give one entry for each archive or folder, named after how it was read. */
const readers: ExportReaders = {
  zip: (path) => one(path, "Takeout/zip.jpg"),
  tar: (path) => one(path, "Takeout/tar.jpg"),
  folder: (path) => one(path, "in/folder.jpg"),
  kindOf: async (path) => (path.endsWith(".zip") ? "zip" : path.endsWith(".tgz") ? "tar" : null),
};

async function* one(path: string, name: string): AsyncIterable<SourceEntry | SourceProblem> {
  const nothing = async function* (): AsyncIterable<Uint8Array> {};
  yield { kind: "entry", location: { path, entry: name }, name, sizeBytes: 0, stamp: "1", open: nothing };
}

async function shown(parts: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for await (const each of takeoutSource({ service: "google-photos", parts, readers }).entries(call)) {
    const what = each.kind === "entry" ? each.name : each.failure.code;
    found.push(`${basename(each.location.path)}: ${what}`);
  }
  return found;
}

describe("entries", () => {
  it("come from every part by its kind, sorted by name, and a bad part stops no other", async () => {
    await mkdir(join(root, "b"));
    for (const name of ["c.zip", "a.tgz", "d.zip.part"]) await writeFile(join(root, name), "x");
    const parts = ["c.zip", "b", "d.zip.part", "a.tgz", "e.zip", "c.zip"].map((name) => join(root, name));
    expect(await shown(parts)).toEqual([
      "a.tgz: Takeout/tar.jpg",
      "b: b/in/folder.jpg",
      "c.zip: Takeout/zip.jpg",
      "d.zip.part: takeout.not-an-archive",
      "e.zip: takeout.part-missing",
    ]);
  });

  it("of folders with one name are told apart by what stands above them", async () => {
    for (const name of ["one/Takeout", "two/Takeout"]) await mkdir(join(root, name), { recursive: true });
    expect(await shown([join(root, "two/Takeout"), join(root, "one/Takeout")])).toEqual([
      "Takeout: one/Takeout/in/folder.jpg",
      "Takeout: two/Takeout/in/folder.jpg",
    ]);
  });

  it("stop when aborted", async () => {
    const source = takeoutSource({ service: "google-photos", parts: [root], readers });
    const aborted = { signal: AbortSignal.abort() };
    await expect(source.entries(aborted)[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: "cancelled",
    });
  });
});

describe("group", () => {
  it("notes parts that are missing, and tells when a photo came to Google", async () => {
    const parts = ["/in/takeout-20260601T101112Z-001.zip", "/in/takeout-20260601T101112Z-003.zip"];
    const source = takeoutSource({ service: "google-photos", parts, readers });
    const { examined, small } = examine([
      media("Photos from 2023/a.jpg"),
      sidecar("Photos from 2023/a.jpg.json", { takenSeconds: 1_690_000_000 }),
    ]);
    const notes: string[] = [];
    const arrivals: (string | undefined)[] = [];
    for await (const each of source.group(
      examined,
      async (hash) => small.get(hash) ?? new Uint8Array(),
      call,
    )) {
      if (each.kind === "note") notes.push(each.message);
      if (each.kind === "photo") arrivals.push(source.arrivedAt?.(each));
    }
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain("002");
    expect(arrivals).toEqual(["2023-07-22T05:26:40.000Z"]);
  });
});
