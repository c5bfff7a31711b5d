import { open, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { zipEntries } from "../../../src/infra/archive/zip-entries.js";
import type { SourceEntry } from "../../../src/ports/photo-source.js";
import { bytesOf, type Collected, calm, codeOf, collect } from "../../fixtures/archive/collect.js";
import { inTempFolder } from "../../fixtures/archive/sample-tree.js";
import { directoryOffset, type ZipInput, type ZipLayout, zipOf } from "../../fixtures/archive/zip-writer.js";

const text = (value: string) => Buffer.from(value);
const photo: ZipInput = { name: "a/photo.jpg", bytes: text("the photo") };

const collected = (inputs: readonly ZipInput[], layout: ZipLayout = {}): Promise<Collected> =>
  inTempFolder(async (folder) => {
    const path = join(folder, "part.zip");
    await writeFile(path, zipOf(inputs, layout));
    return collect(zipEntries(path, calm()));
  });

describe("zipEntries", () => {
  it("gives every file with name, size and bytes, and leaves folders out", async () => {
    const { contents, problems, entries } = await collected([
      { name: "a/", bytes: text(""), stored: true },
      photo,
      { name: "a/stored.txt", bytes: text("stored"), stored: true },
      { name: "a/empty", bytes: text("") },
    ]);
    expect(problems).toEqual([]);
    expect(contents).toEqual([
      ["a/photo.jpg", "the photo"],
      ["a/stored.txt", "stored"],
      ["a/empty", ""],
    ]);
    expect(entries.map((entry) => entry.sizeBytes)).toEqual([9, 6, 0]);
  });

  it("gives nothing for an empty zip", async () => {
    expect(await collected([])).toMatchObject({ entries: [], problems: [] });
  });

  it("reads ZIP64 sizes, offsets and end records", async () => {
    const inputs = [
      photo,
      { ...photo, name: "b.jpg", zip64: true },
      { ...photo, name: "c.jpg", zip64: true, descriptor: true },
    ];
    const { contents, problems } = await collected(inputs, { zip64: true });
    expect(problems).toEqual([]);
    expect(contents.map(([, bytes]) => bytes)).toEqual(["the photo", "the photo", "the photo"]);
  });

  it("reads entries that lie beyond 4 GiB", () =>
    inTempFolder(async (folder) => {
      // Windows would really write the hole.
      const base = process.platform === "win32" ? 65_536 : 4.5 * 1024 ** 3;
      const path = join(folder, "large.zip");
      const file = await open(path, "w");
      await file.write(zipOf([{ ...photo, zip64: true }], { base, zip64: true }), 0, null, base);
      await file.close();
      const { contents, problems } = await collect(zipEntries(path, calm()));
      expect(problems).toEqual([]);
      expect(contents).toEqual([["a/photo.jpg", "the photo"]]);
    }));

  it("tells names in NFC and keeps the stored spelling in the location", async () => {
    const { entries } = await collected([{ name: "e\u0301te\u0301/./plage.jpg", bytes: text("x") }]);
    expect(entries[0]?.name).toBe("\u00e9t\u00e9/plage.jpg");
    expect(entries[0]?.location.entry).toBe("e\u0301te\u0301/./plage.jpg");
  });

  it("decodes names without the UTF-8 flag as cp437, unless a Unicode field tells better", async () => {
    const field = Buffer.concat([Buffer.from([1, 0, 0, 0, 0]), text("größe.jpg")]);
    const { crc32 } = await import("node:zlib");
    const raw = Buffer.from([0x67, 0x72, 0x94, 0x2e, 0x6a, 0x70, 0x67]);
    field.writeUInt32LE(crc32(raw), 1);
    const extra = Buffer.concat([Buffer.from([0x75, 0x70, field.length, 0]), field]);
    const { entries } = await collected([
      { name: raw, bytes: text("1") },
      { name: raw, bytes: text("2"), extra },
    ]);
    expect(entries.map((entry) => entry.name)).toEqual(["grö.jpg", "größe.jpg"]);
  });

  it("tells the time only where the archive knows its zone", async () => {
    const modified = new Date("2023-07-01T12:00:00Z");
    const { entries } = await collected([
      { ...photo, modified },
      { ...photo, name: "b.jpg" },
    ]);
    expect(entries.map((entry) => entry.modifiedAt)).toEqual(["2023-07-01T12:00:00.000Z", undefined]);
  });

  it("gives both of two entries with one name, told apart in the location", async () => {
    const { entries, contents } = await collected([photo, { ...photo, bytes: text("another") }]);
    expect(entries.map((entry) => entry.location.entry)).toEqual(["a/photo.jpg", "a/photo.jpg\\2"]);
    expect(contents.map(([, bytes]) => bytes)).toEqual(["the photo", "another"]);
  });

  it("changes an entry's stamp with its contents and keeps it while nothing changes", () =>
    inTempFolder(async (folder) => {
      const path = join(folder, "part.zip");
      const stamps: (string | undefined)[] = [];
      for (const bytes of [text("one"), text("two")]) {
        await writeFile(path, zipOf([{ ...photo, bytes }]));
        const [first, again] = [
          await collect(zipEntries(path, calm())),
          await collect(zipEntries(path, calm())),
        ];
        expect(again.entries[0]?.stamp).toBe(first.entries[0]?.stamp);
        stamps.push(first.entries[0]?.stamp);
      }
      expect(stamps[0]).not.toBe(stamps[1]);
    }));

  it("opens entries after the iteration, repeatedly and in parallel", () =>
    inTempFolder(async (folder) => {
      const path = join(folder, "part.zip");
      const inputs = Array.from({ length: 20 }, (_, index) => ({
        name: `${index}.bin`,
        bytes: Buffer.alloc(200_000, index),
        stored: index % 2 === 0,
      }));
      await writeFile(path, zipOf(inputs));
      const entries: SourceEntry[] = [];
      for await (const found of zipEntries(path, calm())) if (found.kind === "entry") entries.push(found);
      const read = await Promise.all([...entries, ...entries].map((entry) => bytesOf(entry.open())));
      expect(read.every((bytes, at) => bytes.equals(inputs[at % 20]?.bytes ?? Buffer.alloc(0)))).toBe(true);
    }));

  it("notices an archive that was replaced between listing and reading", () =>
    inTempFolder(async (folder) => {
      const path = join(folder, "part.zip");
      await writeFile(path, zipOf([photo]));
      const { entries } = await collect(zipEntries(path, calm()));
      await writeFile(path, zipOf([photo, { ...photo, name: "b.jpg" }]));
      const [entry] = entries;
      expect(entry && (await codeOf(bytesOf(entry.open())))).toBe("file.changed-while-read");
      await rm(path);
      expect(entry && (await codeOf(bytesOf(entry.open())))).toBe("file.not-found");
    }));

  it("stops between entries and within one when the call is aborted", () =>
    inTempFolder(async (folder) => {
      const path = join(folder, "part.zip");
      await writeFile(path, zipOf([{ name: "big", bytes: Buffer.alloc(4_000_000), stored: true }, photo]));
      const stop = new AbortController();
      const listing = async () => {
        for await (const found of zipEntries(path, stop)) {
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

describe("zipEntries with hostile archives", () => {
  const good = { name: "good.jpg", bytes: text("good") };

  it.each([
    ["archive.encrypted", { ...photo, flags: 1 }],
    ["archive.unsupported-compression", { ...photo, claimed: { method: 14 } }],
    ["archive.link", { ...photo, bytes: text("/etc/passwd"), unixMode: 0o120777 }],
    ["archive.link", { ...photo, unixMode: 0o010644 }],
    ["archive.too-large", { ...photo, zip64: true, claimed: { sizeBytes: 100 * 1024 ** 3 } }],
    ["archive.unsafe-name", { ...photo, name: "../../etc/passwd" }],
    ["archive.unsafe-name", { ...photo, name: "/etc/passwd" }],
    ["archive.unsafe-name", { ...photo, name: "C:/boot.ini" }],
    ["archive.unsafe-name", { ...photo, name: "..\\..\\boot.ini" }],
    ["archive.unsafe-name", { ...photo, name: "a.jpg\0.exe" }],
    ["archive.unsafe-name", { ...photo, name: "" }],
  ])("reports %s for one entry and goes on", async (code, input: ZipInput) => {
    const { codes, contents } = await collected([input, good]);
    expect(codes).toEqual([[input.name, code]]);
    expect(contents).toEqual([["good.jpg", "good"]]);
  });

  it.each([
    ["archive.wrong-crc", { ...photo, claimed: { crc32: 1 } }],
    ["archive.wrong-crc", { ...photo, stored: true, claimed: { crc32: 1 } }],
    ["archive.wrong-crc", { ...photo, claimed: { sizeBytes: 1000 } }],
    ["archive.wrong-crc", { ...photo, stored: true, claimed: { method: 8 } }],
    ["archive.too-large", { ...photo, claimed: { sizeBytes: 3 } }],
  ])("throws %s from the stream of an entry that lies, and goes on", async (code, input: ZipInput) => {
    const { problems, contents } = await collected([input, good]);
    expect(problems).toEqual([]);
    expect(contents).toEqual([
      ["a/photo.jpg", code],
      ["good.jpg", "good"],
    ]);
  });

  it("cuts an entry that inflates beyond its declared size off before the flood", () =>
    inTempFolder(async (folder) => {
      const path = join(folder, "bomb.zip");
      await writeFile(
        path,
        zipOf([{ name: "bomb", bytes: Buffer.alloc(50_000_000), claimed: { sizeBytes: 1000 } }]),
      );
      let seen = 0;
      for await (const found of zipEntries(path, calm())) {
        if (found.kind !== "entry") continue;
        const reading = async () => {
          for await (const chunk of found.open()) seen += chunk.length;
        };
        expect(await codeOf(reading())).toBe("archive.too-large");
      }
      expect(seen).toBeLessThanOrEqual(1000);
    }));

  it("does not expand a crowd of entries that share their bytes", () =>
    inTempFolder(async (folder) => {
      const one = zipOf([{ name: "one", bytes: Buffer.alloc(100_000, 1), stored: true }]);
      const body = one.subarray(0, directoryOffset(one));
      const directory = one.subarray(body.length, -22);
      const end = Buffer.from(one.subarray(-22));
      end.writeUInt16LE(50, 8);
      end.writeUInt16LE(50, 10);
      const path = join(folder, "overlap.zip");
      await writeFile(path, Buffer.concat([body, ...Array<Buffer>(50).fill(directory), end]));
      const { codes, entries } = await collect(zipEntries(path, calm()));
      expect(entries.length).toBeLessThan(6);
      expect(new Set(codes.map(([, code]) => code))).toEqual(new Set(["archive.too-large"]));
    }));

  it("lets one entry with a wrong size not condemn those after it", () =>
    inTempFolder(async (folder) => {
      const zip = zipOf([photo, good]);
      zip.writeUInt32LE(0xfffffff0, directoryOffset(zip) + 20);
      const path = join(folder, "part.zip");
      await writeFile(path, zip);
      const { contents } = await collect(zipEntries(path, calm()));
      expect(contents).toEqual([
        ["a/photo.jpg", "archive.unreadable"],
        ["good.jpg", "good"],
      ]);
    }));

  it("survives offsets that no file can have", () =>
    inTempFolder(async (folder) => {
      const zip = zipOf([good], { zip64: true });
      zip.writeBigUInt64LE(2n ** 63n, zip.lastIndexOf("PK\x06\x07") + 8);
      const path = join(folder, "part.zip");
      await writeFile(path, zip);
      const { contents, codes } = await collect(zipEntries(path, calm()));
      expect(contents).toEqual([["good.jpg", "good"]]);
      expect(codes).toEqual([[path, "archive.unreadable"]]);
    }));

  it("shows hostile names without their control characters", async () => {
    const { problems } = await collected([{ ...photo, name: "../\u001b[2Jx\u202egpj.exe" }]);
    const message = problems[0]?.failure.message ?? "";
    expect(["\u001b", "\u202e"].filter((char) => message.includes(char))).toEqual([]);
  });

  it.each([
    ["archive.not-an-archive", text("<html>Your download has expired</html>")],
    ["archive.not-an-archive", text("")],
  ])("reports %s for a file that is none", (code, bytes) =>
    inTempFolder(async (folder) => {
      const path = join(folder, "part.zip");
      await writeFile(path, bytes);
      expect((await collect(zipEntries(path, calm()))).codes).toEqual([[path, code]]);
    }),
  );

  it("reports a missing archive, and a folder in its place", () =>
    inTempFolder(async (folder) => {
      expect((await collect(zipEntries(join(folder, "no.zip"), calm()))).codes[0]?.[1]).toBe(
        "file.not-found",
      );
      expect((await collect(zipEntries(folder, calm()))).codes[0]?.[1]).toBe("file.not-regular");
    }));
});
