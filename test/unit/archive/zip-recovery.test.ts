import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { zipEntries } from "../../../src/infra/archive/zip-entries.js";
import { type Collected, calm, codeOf, collect } from "../../fixtures/archive/collect.js";
import { inTempFolder } from "../../fixtures/archive/sample-tree.js";
import { directoryOffset, type ZipInput, zipOf } from "../../fixtures/archive/zip-writer.js";

const text = (value: string) => Buffer.from(value);
const inputs: readonly ZipInput[] = [
  { name: "1.jpg", bytes: text("first") },
  { name: "2.jpg", bytes: text("second, described later"), descriptor: true },
  { name: "3.jpg", bytes: text("third"), stored: true, zip64: true },
  { name: "4.jpg", bytes: text("fourth"), descriptor: true, zip64: true },
];

const collected = (zip: Buffer): Promise<Collected> =>
  inTempFolder(async (folder) => {
    const path = join(folder, "part.zip");
    await writeFile(path, zip);
    const found = await collect(zipEntries(path, calm()));
    return { ...found, codes: found.codes.map(([at, code]) => [at === path ? "whole" : at, code]) };
  });

describe("zipEntries of a damaged zip", { timeout: 30_000 }, () => {
  it("gives every entry when only the directory is cut off", async () => {
    const zip = zipOf(inputs);
    const { contents, codes } = await collected(zip.subarray(0, directoryOffset(zip)));
    expect(contents.map(([name]) => name)).toEqual(["1.jpg", "2.jpg", "3.jpg", "4.jpg"]);
    expect(contents.map(([, bytes]) => bytes)).toEqual(inputs.map((input) => input.bytes.toString()));
    expect(codes).toEqual([["whole", "archive.truncated"]]);
  });

  it("gives the complete entries before any cut, and never a part of one", async () => {
    const zip = zipOf(inputs);
    const truth = new Map(inputs.map((input) => [input.name, input.bytes.toString()]));
    let best = 0;
    for (let length = 4; length < zip.length; length += 7) {
      const { contents, codes } = await collected(zip.subarray(0, length));
      expect(codes).toEqual([["whole", "archive.truncated"]]);
      for (const [name, bytes] of contents) expect(bytes).toBe(truth.get(name));
      expect(contents.length).toBeGreaterThanOrEqual(best);
      best = contents.length;
    }
    expect(best).toBe(4);
  });

  it("reports entries whose checksum is wrong, unsafe or encrypted ones, and recovers those behind them", async () => {
    const zip = zipOf([
      { name: "wrong.jpg", bytes: text("wrong"), claimed: { crc32: 1 } },
      { name: "../out.jpg", bytes: text("out") },
      { name: "locked.jpg", bytes: text("locked"), flags: 1 },
      { name: "good.jpg", bytes: text("good") },
    ]);
    const { contents, codes } = await collected(zip.subarray(0, directoryOffset(zip)));
    expect(contents).toEqual([["good.jpg", "good"]]);
    expect(codes).toEqual([
      ["wrong.jpg", "archive.wrong-crc"],
      ["../out.jpg", "archive.unsafe-name"],
      ["locked.jpg", "archive.encrypted"],
      ["whole", "archive.truncated"],
    ]);
  });

  it("takes no entries of a zip inside the zip for its own", async () => {
    const inner = zipOf([{ name: "inner.jpg", bytes: text("inner") }]);
    const zip = zipOf([
      { name: "inner.zip", bytes: inner, stored: true },
      { name: "b.jpg", bytes: text("b") },
    ]);
    const cut = zip.subarray(0, directoryOffset(zip) - 3);
    const { entries } = await collected(cut.subarray(0, cut.lastIndexOf("PK\x03\x04") + 20));
    expect(entries.map((entry) => entry.name)).not.toContain("inner.jpg");
  });

  it("goes on by local headers when the directory is damaged in the middle, naming nothing twice", async () => {
    const zip = zipOf(inputs);
    const third = zip.lastIndexOf("PK\x01\x02", zip.lastIndexOf("PK\x01\x02") - 1);
    zip.writeUInt32LE(0, third);
    const { contents, codes } = await collected(zip);
    expect(contents.map(([name]) => name)).toEqual(["1.jpg", "2.jpg", "3.jpg", "4.jpg"]);
    expect(codes).toEqual([["whole", "archive.unreadable"]]);
  });

  it("does not believe a directory that counts fewer entries than it holds", async () => {
    const { contents, codes } = await collected(zipOf(inputs, { claimedCount: 2 }));
    expect(contents).toHaveLength(4);
    expect(codes).toEqual([["whole", "archive.unreadable"]]);
  });

  it("stops recovering when the call is aborted", () =>
    inTempFolder(async (folder) => {
      const path = join(folder, "part.zip");
      const zip = zipOf(inputs);
      await writeFile(path, zip.subarray(0, directoryOffset(zip)));
      const stop = new AbortController();
      const listing = async () => {
        for await (const _ of zipEntries(path, stop)) stop.abort();
      };
      expect(await codeOf(listing())).toBe("cancelled");
    }));
});
