import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { archiveKind } from "../../../src/infra/archive/sniff-archive.js";
import { codeOf } from "../../fixtures/archive/collect.js";
import { inTempFolder } from "../../fixtures/archive/sample-tree.js";
import { rawTarHeader, tarOf, tgzOf } from "../../fixtures/archive/tgz-writer.js";
import { zipOf } from "../../fixtures/archive/zip-writer.js";

const photo = { name: "a.jpg", bytes: Buffer.alloc(5000, "photo") };

/** A header of the time before ustar: no magic, only the checksum. */
function oldTarHeader(): Buffer {
  const header = rawTarHeader("a.jpg", 0, "0");
  header.fill(0, 257, 265);
  header.fill(" ", 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

describe("archiveKind", () => {
  it.each<[string, "zip" | "tar" | null, () => Promise<Uint8Array> | Uint8Array]>([
    ["a zip", "zip", () => zipOf([photo])],
    ["an empty zip", "zip", () => zipOf([])],
    ["a zip that is cut off", "zip", () => zipOf([photo]).subarray(0, 20)],
    ["a tar", "tar", () => tarOf([photo])],
    ["a tar of the time before ustar", "tar", oldTarHeader],
    ["a tgz", "tar", () => tgzOf([photo])],
    ["a tgz that is cut off", "tar", async () => (await tgzOf([photo])).subarray(0, 90)],
    ["a gzip of something else", null, () => gzipSync(Buffer.alloc(2000, "text"))],
    ["bytes that only begin as a gzip", null, () => Buffer.from([0x1f, 0x8b, 1, 2, 3, 4])],
    ["a JPEG", null, () => Buffer.from([0xff, 0xd8, 0xff, 0xe0, ...Buffer.alloc(600)])],
    ["zeros", null, () => Buffer.alloc(2048)],
    ["an empty file", null, () => Buffer.alloc(0)],
  ])("knows %s by its content, whatever its name", (_, kind, bytes) =>
    inTempFolder(async (folder) => {
      const path = join(folder, "download.pdf");
      await writeFile(path, await bytes());
      expect(await archiveKind(path)).toBe(kind);
    }),
  );

  it("takes folders and pipes for no archive, and says when there is nothing", () =>
    inTempFolder(async (folder) => {
      expect(await archiveKind(folder)).toBeNull();
      if (process.platform !== "win32") {
        execFileSync("mkfifo", [join(folder, "pipe.zip")]);
        expect(await archiveKind(join(folder, "pipe.zip"))).toBeNull();
      }
      expect(await codeOf(archiveKind(join(folder, "no.zip")))).toBe("file.not-found");
    }));
});
