import { expect, test } from "vitest";
import { asDownloaded } from "../../emulators/google/strip-place.js";
import { exifBlock, gpsTags, TAG } from "../../fixtures/media/exif-block.js";
import { jpegFile } from "../../fixtures/media/jpeg-file.js";

const exif = exifBlock({
  main: { [TAG.make]: "Google" },
  exif: { [TAG.taken]: "2024:03:01 10:20:30" },
  gps: gpsTags(48, "N", 2, "E"),
});
/** The pointer to the GPS tags of a little-endian EXIF. */
const POINTER = Buffer.from([0x25, 0x88, 0x04, 0x00]);

test("a picture comes back with its date and camera, and without its place", () => {
  const original = jpegFile({ exif });
  const given = Buffer.from(asDownloaded(original));
  expect(original.includes(POINTER)).toBe(true);
  expect(given.includes(POINTER)).toBe(false);
  expect(given.includes("N\0\0\0")).toBe(false);
  expect(given.includes("2024:03:01 10:20:30")).toBe(true);
  expect(given.includes("Google\0")).toBe(true);
});

test.each([
  ["a picture without a place", jpegFile()],
  ["a picture that is cut short", jpegFile({ exif }).subarray(0, 40)],
  ["what is no JPEG", Buffer.from("GIF89a")],
])("%s comes back as other bytes", (_, original) => {
  const given = Buffer.from(asDownloaded(original));
  expect(given.equals(original)).toBe(false);
  expect(given.length).toBeGreaterThanOrEqual(original.length);
});
