import { rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { locationReader, openLocation, openTarLocations } from "../../../src/infra/archive/open-location.js";
import { tarEntries } from "../../../src/infra/archive/tar-entries.js";
import { zipEntries } from "../../../src/infra/archive/zip-entries.js";
import { bytesOf, calm, codeOf, collect } from "../../fixtures/archive/collect.js";
import { inTempFolder } from "../../fixtures/archive/sample-tree.js";
import { type TarInput, tgzOf, writeTgz } from "../../fixtures/archive/tgz-writer.js";
import { directoryOffset, writeZip, zipOf } from "../../fixtures/archive/zip-writer.js";

const text = (value: string) => Buffer.from(value);
const inputs: readonly TarInput[] = [
  { name: "a/1.jpg", bytes: text("one") },
  { name: "a/e\u0301.jpg", bytes: text("two") },
  { name: "a/1.jpg", bytes: text("another one") },
  { name: "a/empty", bytes: text("") },
];

describe("openLocation", () => {
  it("opens every location that a zip or a tgz has given, of equal names too", () =>
    inTempFolder(async (folder) => {
      const zip = join(folder, "part.bin");
      const tgz = join(folder, "part.tgz");
      await writeZip(
        zip,
        inputs.map(({ name, bytes }) => ({ name, bytes: bytes ?? text("") })),
      );
      await writeTgz(tgz, inputs);
      for (const found of [zipEntries(zip, calm()), tarEntries(tgz, calm())]) {
        const { entries, contents } = await collect(found);
        expect(entries).toHaveLength(4);
        for (const [at, entry] of entries.entries()) {
          const again = await bytesOf(openLocation(entry.location, folder, calm()));
          expect(again.toString()).toBe(contents[at]?.[1]);
        }
      }
    }));

  it("opens files, with relative paths from the library", () =>
    inTempFolder(async (folder) => {
      await writeFile(join(folder, "a.jpg"), "photo");
      const library = join(folder, "library");
      const path = relative(library, join(folder, "a.jpg"));
      expect((await bytesOf(openLocation({ path }, library, calm()))).toString()).toBe("photo");
    }));

  it("opens what was recovered from a zip that is cut off, and says why the rest cannot be had", () =>
    inTempFolder(async (folder) => {
      const zip = zipOf([
        { name: "a.jpg", bytes: text("whole") },
        { name: "b.jpg", bytes: text("lost") },
      ]);
      await writeFile(join(folder, "part.zip"), zip.subarray(0, directoryOffset(zip) - 3));
      const read = (entry: string) => bytesOf(openLocation({ path: "part.zip", entry }, folder, calm()));
      expect((await read("a.jpg")).toString()).toBe("whole");
      expect(await codeOf(read("b.jpg"))).toBe("archive.truncated");
    }));

  it("says of a missing file, archive or entry that it is not there", () =>
    inTempFolder(async (folder) => {
      await writeZip(join(folder, "part.zip"), [{ name: "a.jpg", bytes: text("x") }]);
      await writeTgz(join(folder, "part.tgz"), inputs);
      await writeFile(join(folder, "text"), "no archive");
      const read = (path: string, entry?: string) =>
        codeOf(bytesOf(openLocation(entry === undefined ? { path } : { path, entry }, folder, calm())));
      expect(await read("gone.jpg")).toBe("file.not-found");
      expect(await read("gone.zip", "a.jpg")).toBe("file.not-found");
      expect(await read("part.zip", "b.jpg")).toBe("file.not-found");
      expect(await read("part.zip", "a.jpg\\2")).toBe("file.not-found");
      expect(await read("part.tgz", "b.jpg")).toBe("file.not-found");
      expect(await read("text", "a.jpg")).toBe("archive.not-an-archive");
    }));
});

describe("openTarLocations", () => {
  it("gives the wanted entries in one pass, in the archive's order, and leaves out what is not there", () =>
    inTempFolder(async (folder) => {
      const path = join(folder, "part.tgz");
      await writeTgz(path, inputs);
      const wanted = new Set(["a/1.jpg\\2", "nowhere", "a/1.jpg"]);
      const seen: string[][] = [];
      for await (const found of openTarLocations(path, wanted, calm())) {
        seen.push([found.entry, (await bytesOf(found.open())).toString()]);
      }
      expect(seen).toEqual([
        ["a/1.jpg", "one"],
        ["a/1.jpg\\2", "another one"],
      ]);
    }));

  it("throws when the archive breaks off before the last wanted entry, not when after", () =>
    inTempFolder(async (folder) => {
      const path = join(folder, "part.tgz");
      const whole = await tgzOf(inputs);
      await writeFile(path, whole.subarray(0, whole.length - 12));
      const take = async (entry: string) => {
        for await (const found of openTarLocations(path, new Set([entry]), calm()))
          await bytesOf(found.open());
      };
      expect(await codeOf(take("a/1.jpg"))).toBe("no error");
      expect(await codeOf(take("nowhere"))).toBe("archive.truncated");
    }));
});

describe("locationReader", () => {
  it("reads many entries in parallel and notices when an archive is replaced", () =>
    inTempFolder(async (folder) => {
      const reader = locationReader(folder);
      const names = Array.from({ length: 30 }, (_, at) => `${at}.jpg`);
      const write = (word: string) =>
        writeZip(
          join(folder, "part.zip"),
          names.map((name) => ({ name, bytes: text(word + name) })),
        );
      for (const word of ["first ", "second, longer "]) {
        await write(word);
        const read = await Promise.all(
          names.map((entry) => bytesOf(reader.open({ path: "part.zip", entry }, calm()))),
        );
        expect(read.map(String)).toEqual(names.map((name) => word + name));
      }
      await rm(join(folder, "part.zip"));
      const gone = reader.open({ path: "part.zip", entry: "1.jpg" }, calm());
      expect(await codeOf(bytesOf(gone))).toBe("file.not-found");
    }));

  it("does not let one aborted reader spoil the reading of another", () =>
    inTempFolder(async (folder) => {
      await writeZip(
        join(folder, "part.zip"),
        inputs.map(({ name }) => ({ name, bytes: text(name) })),
      );
      const reader = locationReader(folder);
      const stop = new AbortController();
      const location = { path: "part.zip", entry: "a/1.jpg" };
      const stopped = codeOf(bytesOf(reader.open(location, stop)));
      const other = bytesOf(reader.open(location, calm()));
      setImmediate(() => stop.abort());
      expect(["cancelled", "no error"]).toContain(await stopped);
      expect((await other).toString()).toBe("a/1.jpg");
    }));

  it("tells which archives are streams", () =>
    inTempFolder(async (folder) => {
      await writeTgz(join(folder, "a.tgz"), inputs);
      await writeZip(join(folder, "a.zip"), []);
      const reader = locationReader(folder);
      expect(await reader.isStreamed("a.tgz")).toBe(true);
      expect(await reader.isStreamed("a.zip")).toBe(false);
      expect(await reader.isStreamed("gone")).toBe(false);
    }));
});
