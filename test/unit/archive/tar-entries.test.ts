import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { tarEntries } from "../../../src/infra/archive/tar-entries.js";
import type { SourceEntry } from "../../../src/ports/photo-source.js";
import { bytesOf, type Collected, calm, codeOf, collect } from "../../fixtures/archive/collect.js";
import { inTempFolder } from "../../fixtures/archive/sample-tree.js";
import { inBlocks, rawTarHeader, type TarInput, tarOf, tgzOf } from "../../fixtures/archive/tgz-writer.js";

const text = (value: string) => Buffer.from(value);
const photo: TarInput = { name: "a/photo.jpg", bytes: text("the photo") };
const END = Buffer.alloc(1024);
/** Bytes that gzip cannot shrink, so that a cut falls where it is meant to. */
function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at += 1) bytes[at] = (at * 7919 + ((at * at) >> 3)) & 255;
  return bytes;
}

const withArchive = <T>(bytes: Uint8Array, use: (path: string) => Promise<T>): Promise<T> =>
  inTempFolder(async (folder) => {
    const path = join(folder, "part.tgz");
    await writeFile(path, bytes);
    return use(path);
  });

const collected = (bytes: Uint8Array): Promise<Collected> =>
  withArchive(bytes, async (path) => {
    const found = await collect(tarEntries(path, calm()));
    return { ...found, codes: found.codes.map(([at, code]) => [at === path ? "whole" : at, code]) };
  });

describe("tarEntries", () => {
  it.each([
    ["gzipped", tgzOf],
    ["plain", tarOf],
  ])("gives every file of a %s tar, without folders", async (_, write) => {
    const { contents, problems, entries } = await collected(
      await write([
        { name: "a/", type: "directory" },
        photo,
        { name: "a/empty", bytes: text("") },
        { name: "a/big", bytes: Buffer.alloc(300_000, "x") },
      ]),
    );
    expect(problems).toEqual([]);
    expect(contents.map(([name, bytes]) => [name, bytes.length])).toEqual([
      ["a/photo.jpg", 9],
      ["a/empty", 0],
      ["a/big", 300_000],
    ]);
    expect(entries[0]).toMatchObject({
      sizeBytes: 9,
      streamed: true,
      modifiedAt: "2024-01-15T10:30:00.000Z",
    });
  });

  it("goes past a folder that gives a size, which has no bytes all the same", async () => {
    const { contents, problems } = await collected(
      Buffer.concat([rawTarHeader("a/", 4096, "5"), (await tarOf([photo])).subarray(0)]),
    );
    expect(problems).toEqual([]);
    expect(contents.map(([name]) => name)).toEqual(["a/photo.jpg"]);
  });

  it("reads PAX and GNU long names", async () => {
    const long = `${"sehr-".repeat(60)}/${"länger-".repeat(20)}.jpg`;
    const gnu = `${"gnu-".repeat(50)}.jpg`;
    const { contents } = await collected(
      Buffer.concat([
        (await tarOf([{ ...photo, name: long }])).subarray(0, -1024),
        rawTarHeader("././@LongLink", gnu.length + 1, "L"),
        inBlocks(text(`${gnu}\0`)),
        rawTarHeader(gnu.slice(0, 99), 3, "0"),
        inBlocks(text("gnu")),
        END,
      ]),
    );
    expect(contents).toEqual([
      [long.normalize("NFC"), "the photo"],
      [gnu, "gnu"],
    ]);
  });

  it("skips entries that nobody opens, and the rest of one that was left early", async () => {
    const inputs = ["1", "2", "3"].map((name) => ({ name, bytes: Buffer.alloc(500_000, name) }));
    const read: string[] = [];
    await withArchive(await tgzOf(inputs), async (path) => {
      for await (const found of tarEntries(path, calm())) {
        if (found.kind !== "entry" || found.name === "1") continue;
        for await (const chunk of found.open()) {
          read.push(found.name + chunk[0]);
          break;
        }
      }
    });
    expect(read).toEqual(["250", "351"]);
  });

  it("refuses to open an entry late or twice", () =>
    inTempFolder(async (folder) => {
      const path = join(folder, "part.tgz");
      await writeFile(path, await tgzOf([photo, { ...photo, name: "b.jpg" }]));
      const entries: SourceEntry[] = [];
      for await (const found of tarEntries(path, calm())) {
        if (found.kind !== "entry") continue;
        entries.push(found);
        if (found.name !== "b.jpg") continue;
        expect((await bytesOf(found.open())).toString()).toBe("the photo");
        expect(await codeOf(bytesOf(found.open()))).toBe("archive.passed-by");
      }
      for (const entry of entries) expect(await codeOf(bytesOf(entry.open()))).toBe("archive.passed-by");
    }));

  it("tells a reader that was left behind in the middle of an entry", async () => {
    const bytes = await tgzOf([{ name: "big", bytes: noise(2_000_000) }, photo]);
    await withArchive(bytes, async (path) => {
      let reader: AsyncIterator<Uint8Array> | undefined;
      for await (const found of tarEntries(path, calm())) {
        if (found.kind !== "entry" || found.name !== "big") continue;
        reader = found.open()[Symbol.asyncIterator]();
        expect((await reader.next()).done).toBe(false);
      }
      expect(reader && (await codeOf(reader.next()))).toBe("archive.passed-by");
    });
  });

  it("gives both of two entries with one name", async () => {
    const { entries, contents } = await collected(await tgzOf([photo, { ...photo, bytes: text("another") }]));
    expect(entries.map((entry) => entry.location.entry)).toEqual(["a/photo.jpg", "a/photo.jpg\\2"]);
    expect(contents.map(([, bytes]) => bytes)).toEqual(["the photo", "another"]);
    expect(new Set(entries.map((entry) => entry.stamp)).size).toBe(2);
  });

  it("lets go of the archive when the reader leaves early", async () => {
    const bytes = await tgzOf([{ name: "big", bytes: noise(5_000_000) }, photo]);
    await withArchive(bytes, async (path) => {
      for await (const found of tarEntries(path, calm())) {
        expect(found.kind).toBe("entry");
        break;
      }
      await rm(path);
    });
  });

  it("stops between entries and within one when the call is aborted", async () => {
    const bytes = await tgzOf([{ name: "big", bytes: noise(3_000_000) }, photo]);
    await withArchive(bytes, async (path) => {
      const stop = new AbortController();
      const listing = async () => {
        for await (const found of tarEntries(path, stop)) {
          if (found.kind !== "entry") continue;
          const reading = async () => {
            for await (const _ of found.open()) stop.abort();
          };
          expect(await codeOf(reading())).toBe("cancelled");
        }
      };
      expect(await codeOf(listing())).toBe("cancelled");
    });
  });
});

describe("tarEntries with hostile archives", { timeout: 30_000 }, () => {
  const good = { name: "good.jpg", bytes: text("good") };

  it.each<[string, TarInput]>([
    ["archive.unsafe-name", { ...photo, name: "../../etc/passwd" }],
    ["archive.unsafe-name", { ...photo, name: "/etc/passwd" }],
    ["archive.unsafe-name", { ...photo, name: "C:/boot.ini" }],
    ["archive.unsafe-name", { ...photo, name: "..\\boot.ini" }],
    ["archive.link", { name: "link", type: "symlink", linkname: "/etc/passwd" }],
    ["archive.link", { name: "hard", type: "link", linkname: "a/photo.jpg" }],
    ["archive.link", { name: "pipe", type: "fifo" }],
    ["archive.link", { name: "tty", type: "character-device" }],
    ["archive.unsupported-entry", { ...photo, name: "sparse", pax: { "GNU.sparse.major": "1" } }],
  ])("reports %s for one entry and goes on", async (code, input) => {
    const { codes, contents } = await collected(await tgzOf([input, good]));
    expect(codes).toEqual([[input.name, code]]);
    expect(contents).toEqual([["good.jpg", "good"]]);
  });

  it("reports entry types it does not know", async () => {
    const sparse = Buffer.concat([rawTarHeader("old-sparse", 4, "S"), inBlocks(text("data"))]);
    const { codes, contents } = await collected(Buffer.concat([sparse, await tarOf([good])]));
    expect(codes).toEqual([["old-sparse", "archive.unsupported-entry"]]);
    expect(contents).toEqual([["good.jpg", "good"]]);
  });

  it("does not wait for 100 GB that cannot be there", async () => {
    const { codes } = await collected(rawTarHeader("huge", 8 ** 11 - 1, "0"));
    expect(codes.map(([, code]) => code)).toEqual(["archive.too-large", "archive.truncated"]);
  });

  it.each([
    ["gzipped", tgzOf],
    ["plain", tarOf],
  ])("gives what comes before a cut of a %s tar, then says so", async (_, write) => {
    const whole = await write([
      good,
      { name: "big.jpg", bytes: noise(400_000) },
      { name: "lost.jpg", bytes: noise(9) },
    ]);
    const { contents, codes } = await collected(whole.subarray(0, whole.length / 2));
    expect(contents).toEqual([
      ["good.jpg", "good"],
      ["big.jpg", "archive.truncated"],
    ]);
    expect(codes).toEqual([["whole", "archive.truncated"]]);
  });

  it("gives all complete entries whatever the place of the cut", async () => {
    const inputs = Array.from({ length: 6 }, (_, at) => ({ name: `${at}.jpg`, bytes: noise(700 + at) }));
    const whole = await tgzOf(inputs);
    for (let length = 20; length < whole.length - 8; length += 97) {
      const { contents, codes } = await collected(whole.subarray(0, length));
      expect(codes).toEqual([["whole", "archive.truncated"]]);
      for (const [index, [name, bytes]] of contents.entries()) {
        const complete = bytes === inputs[index]?.bytes.toString("latin1");
        expect(complete || (bytes === "archive.truncated" && index === contents.length - 1)).toBe(true);
        expect(name).toBe(`${index}.jpg`);
      }
    }
  });

  it("does not take a plain tar that is cut between two entries for a whole one", async () => {
    const whole = await tarOf([good, { name: "lost.jpg", bytes: text("lost") }]);
    const { contents, codes } = await collected(whole.subarray(0, 1024));
    expect(contents).toEqual([["good.jpg", "good"]]);
    expect(codes).toEqual([["whole", "archive.truncated"]]);
  });

  it("reports gzip bytes that are damaged", async () => {
    const whole = await tgzOf([good, { name: "big.jpg", bytes: noise(400_000) }]);
    const crc = whole.length - 8;
    whole.writeUInt8(whole.readUInt8(crc) ^ 1, crc);
    expect((await collected(whole)).codes).toEqual([["whole", "archive.wrong-crc"]]);
  });

  it("reports what is no tar, after the entries that were", async () => {
    const broken = Buffer.concat([(await tarOf([good])).subarray(0, 1024), Buffer.alloc(1024, "x"), END]);
    const { contents, codes } = await collected(gzipSync(broken));
    expect(contents).toEqual([["good.jpg", "good"]]);
    expect(codes).toEqual([["whole", "archive.unreadable"]]);
  });

  it("reports a missing archive", () =>
    inTempFolder(async (folder) => {
      const { codes } = await collect(tarEntries(join(folder, "no.tgz"), calm()));
      expect(codes[0]?.[1]).toBe("file.not-found");
    }));
});
