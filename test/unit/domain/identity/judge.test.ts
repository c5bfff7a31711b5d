import { describe, expect, it } from "vitest";
import type { Appearance } from "../../../../src/domain/identity/appearance.js";
import { isWorthLooking, judge } from "../../../../src/domain/identity/judge.js";
import { turned } from "../../../../src/domain/identity/sketch.js";
import { appearance, blobs, sketched, sketchFrom } from "./seen-pictures.js";

const sketch = sketched(11);
const moved = sketched(11, (level, x) => (x > 20 && x < 30 ? level + 40 : level));
const other = sketched(12);
const black = sketchFrom(new Uint8Array(64 * 64 * 3).fill(1));
const paper = blobs(11, (level, x, y) => (y % 8 === 0 && x > 8 ? level / 4 : 250));
const page = sketchFrom(paper);
const redrawn = sketchFrom(paper, (level, x, y) => (y === 70 && x > 60 && x < 64 ? 200 : level));
const camera = { make: "Canon", model: "EOS R6" };

const mine = (over: Partial<Appearance> = {}) =>
  appearance({ id: "a", isOriginal: true, sketch, camera, ...over });
const theirs = (over: Partial<Appearance> = {}) =>
  appearance({ id: "b", sources: ["flickr"], sketch, width: 1024, height: 768, ...over });
const verdict = (a: Appearance, b: Appearance) => {
  const judged = judge(a, b);
  expect(judge(b, a)).toEqual(judged);
  if (judged.verdict !== "different") expect(isWorthLooking(a, b)).toBe(true);
  return judged.role === undefined ? judged.verdict : `${judged.verdict} ${judged.role}`;
};

describe("one picture", () => {
  it.each<readonly [string, Appearance, Appearance]>([
    ["same name and second", mine(), theirs()],
    ["an instant in an unknown zone", mine(), theirs({ takenDate: "2023-05-01T08:20:30Z" })],
    [
      "a chart under a name in words, without a time",
      mine({ camera: {}, filename: "Umsatz.png", takenDate: "2023-05-01T00:00:00", sketch: page }),
      theirs({ filename: "Umsatz.png", sketch: page }),
    ],
    [
      "an empty sheet under a name in words, without a time",
      mine({ camera: {}, filename: "Rotes Blatt.png", takenDate: "2023-05-01T00:00:00", sketch: black }),
      theirs({ filename: "Rotes Blatt.jpg", sketch: black }),
    ],
    [
      "the fraction of the second, whatever the name",
      mine({ takenDate: "2023-05-01T10:20:30.45" }),
      theirs({ filename: "5078_b.jpg", takenDate: "2023-05-01T10:20:30.45" }),
    ],
    [
      "photosync's own mark",
      mine({ marks: ["own:1"] }),
      theirs({ marks: ["own:1"], filename: "x.jpg", takenDate: "2024-01-02T03:04:05" }),
    ],
    ["a camera and a name without a time", mine({ takenDate: "2023-05-01T00:00:00" }), theirs({ camera })],
    [
      "a photograph under one name in words that two sources hold",
      mine({ filename: "Sommer am See.jpg", takenDate: "2023-05-01T00:00:00" }),
      theirs({ filename: "Sommer am See.jpg" }),
    ],
    ["black frames of one name and second", mine({ sketch: black }), theirs({ sketch: black })],
  ])("%s", (_, a, b) => expect(verdict(a, b)).toBe("same lower-quality"));

  it("is told by equal bytes alone", () => expect(judge(mine(), mine()).verdict).toBe("same"));
});

describe("two pictures", () => {
  it.each<readonly [string, Appearance, Appearance]>([
    [
      "frames of a burst on a tripod",
      mine({ takenDate: "2023-05-01T10:20:30.12" }),
      mine({ id: "b", filename: "IMG_1235.JPG", takenDate: "2023-05-01T10:20:30.45" }),
    ],
    ["frames of a burst without fractions", mine(), mine({ id: "b", filename: "IMG_1235.JPG" })],
    [
      "twins a second apart that look the same",
      mine(),
      theirs({ filename: "5078_b.jpg", takenDate: "2023-05-01T10:20:31" }),
    ],
    ["brackets", mine(), mine({ id: "b", filename: "IMG_1236.JPG", sketch: moved })],
    [
      "two people's photos of one moment",
      mine(),
      theirs({ filename: "DSC0007.JPG", camera: { make: "Sony", model: "A7" }, sketch: other }),
    ],
    [
      "two people's cameras that stand side by side",
      mine(),
      theirs({ filename: "DSC0007.JPG", camera: { make: "Sony", model: "A7" } }),
    ],
    [
      "two scans under their scanner's names",
      mine({ filename: "scan1.jpg", camera: {}, takenDate: "2023-05-01T10:20:30" }),
      theirs({ filename: "scan2.jpg", takenDate: "2023-05-01T10:21:10" }),
    ],
    ["black frames", mine({ sketch: black }), theirs({ sketch: black, filename: "5078_b.jpg" })],
    ["one name, another day", mine(), theirs({ takenDate: "2023-06-01T10:20:30", sketch: other })],
    ["a film", mine(), theirs({ kind: "video" })],
  ])("%s", (_, a, b) => expect(verdict(a, b)).toBe("different"));
});

describe("a question", () => {
  it.each<readonly [string, string, Appearance, Appearance]>([
    [
      "a look and a second, no name: a frame of a burst looks so, too",
      "ask lower-quality",
      mine(),
      theirs({ filename: "5078_b.jpg" }),
    ],
    [
      "a crop of the name and second",
      "ask edited",
      mine(),
      theirs({ sketch: other, width: 700, height: 700 }),
    ],
    ["a brighter copy", "ask edited", mine(), theirs({ sketch: moved })],
    [
      "a turned copy",
      "ask edited",
      mine(),
      theirs({ sketch: sketchFrom(turned(blobs(11), 1, 3)), width: 768, height: 1024 }),
    ],
    ["a name that says edited", "ask edited", mine(), theirs({ filename: "IMG_1234-edited.jpg" })],
    ["a corrected date", "ask lower-quality", mine(), theirs({ takenDate: "2023-05-04T11:00:00", camera })],
    [
      "a chart drawn anew under its name",
      "ask lower-quality",
      mine({ camera: {}, filename: "Umsatz.png", takenDate: "2023-05-01T00:00:00", sketch: page }),
      theirs({ filename: "Umsatz.png", sketch: redrawn }),
    ],
    [
      "a name that many pictures have, and no time",
      "ask lower-quality",
      mine({ camera: {}, filename: "Photo (2).webp", takenDate: "2023-05-01T00:00:00" }),
      theirs({ filename: "Photo (2).jpg" }),
    ],
    [
      "other bytes under a service's id",
      "ask edited",
      mine({ marks: ["flickr:1"] }),
      theirs({ marks: ["flickr:1"], sketch: other }),
    ],
    [
      "a mark on the next frame of a burst, whose tags were copied",
      "ask lower-quality",
      mine({ marks: ["own:1"] }),
      theirs({ marks: ["own:1"], filename: "IMG_1235.JPG", takenDate: "2023-05-01T10:20:31" }),
    ],
    [
      "other bytes under a service's id that nobody could look at",
      "ask lower-quality",
      mine({ marks: ["flickr:1"] }),
      theirs({ marks: ["flickr:1"], sketch: null, takenDate: "2024-01-02T03:04:05" }),
    ],
    [
      "pictures of one second that a phone numbered",
      "ask lower-quality",
      mine({ filename: "20230501_102030(0).jpg" }),
      mine({ id: "b", filename: "20230501_102030(1).jpg", bytes: 7 }),
    ],
    [
      "two pages of one form from one scanner, each the first of its folder",
      "ask lower-quality",
      mine({ filename: "scan_0001.jpg", takenDate: "2023-05-01T00:00:00", sketch: page }),
      theirs({ filename: "scan_0001.jpg", camera, sketch: redrawn }),
    ],
    ["what cannot be decoded", "ask lower-quality", mine({ sketch: null }), theirs()],
  ])("%s", (_, expected, a, b) => expect(verdict(a, b)).toBe(expected));
});

describe("the reasons", () => {
  it("name everything that was weighed, for and against", () => {
    const { reasons } = judge(mine(), theirs({ takenDate: "2023-05-01T10:20:32" }));
    expect(reasons.map(({ kind, speaks }) => `${kind} ${speaks}`)).toEqual([
      "time against",
      "camera neither",
      "name for",
      "shape for",
      "picture for",
    ]);
  });

  it("spare a look where nothing could come of it", () => {
    expect(isWorthLooking(mine(), theirs({ takenDate: "2023-06-01T11:20:30", filename: "x-y-z.jpg" }))).toBe(
      false,
    );
    expect(isWorthLooking(mine(), theirs())).toBe(true);
  });
});
