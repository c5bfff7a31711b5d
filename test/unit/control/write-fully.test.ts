import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { writeFully } from "../../../src/control/write-fully.js";

/** As a system that takes two bytes at a time. */
const stingy = ((file: number, bytes: Uint8Array, at: number, length: number, position: number | null) =>
  writeSync(file, bytes, at, Math.min(2, length), position)) as typeof writeSync;

function written(write: (file: number) => void): string {
  const folder = mkdtempSync(join(tmpdir(), "photosync-write-"));
  const path = join(folder, "file");
  const file = openSync(path, "wx+");
  try {
    write(file);
    return readFileSync(path, "latin1");
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true });
  }
}

it("writes all of the bytes, however few the system takes at a time", () => {
  expect(
    written((file) => {
      writeFully(file, Buffer.from("PACK0000tail"), null, stingy);
      writeFully(file, Buffer.from("12345"), 4, stingy);
    }),
  ).toBe("PACK12345ail");
  expect(written((file) => writeFully(file, Buffer.alloc(0), 0, stingy))).toBe("");
});
