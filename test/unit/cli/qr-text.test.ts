import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { qrCode, qrLines } from "../../../src/cli/render/qr-text.js";

const address = (length: number) => "https://photos.google.com/picker/".repeat(9).slice(0, length);

/** Of codes that a reader of QR codes (jsQR 1.4.0) has read back as the very text. */
const READ = [
  [1, 21, "65d291b6b949a6af"],
  [60, 33, "4d3d2cf2fcfe0c6d"],
  [130, 41, "4dab331238936bf6"],
  [271, 57, "73183b7fe1dbfc32"],
] as const;

test.each(READ)("the code of %i bytes is the one that was read back", (length, size, digest) => {
  const code = qrCode(address(length));
  expect(code?.length).toBe(size);
  const text = code?.map((row) => row.map((isDark) => (isDark ? "1" : "0")).join("")).join("\n") ?? "";
  expect(createHash("sha256").update(text).digest("hex").slice(0, 16)).toBe(digest);
});

test("a text that is too long has none", () => {
  expect(qrCode(address(272))).toBeNull();
  expect(qrLines(address(272))).toEqual([]);
});

test("two rows of the code are a line, with light around", () => {
  const lines = qrLines(address(60));
  const size = qrCode(address(60))?.length ?? 0;
  expect(lines.length).toBe(Math.ceil((size + 4) / 2));
  expect(lines[0]).toContain("█".repeat(size + 4));
});
