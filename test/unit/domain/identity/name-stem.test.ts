import { describe, expect, it } from "vitest";
import { nameStem, relateStems } from "../../../../src/domain/identity/name-stem.js";

const relate = (a: string, b: string) => relateStems(nameStem(a), nameStem(b));

describe("file names", () => {
  it.each([
    ["IMG_1234.JPG", "img_1234.jpg"],
    ["IMG_1234.JPG", "IMG_1234"],
    ["IMG_1234.JPG", "IMG_1234(1).jpg"],
    ["IMG_1234.JPG", "IMG_1234 copy 2.jpg"],
    ["DSC01234.JPG", "DSC01234~2.jpg"],
    ["20240501_102030.jpg", "20240501_102030 (1).jpg"],
    ["20240501_102030(0).jpg", "20240501_102030(0)_1024px.jpg"],
    ["Sommer am See.jpg", "sommer am see_1024x768.jpeg"],
    ["Cafe\u0301.jpg", "Café.jpg"],
  ])("%s and %s are one name", (a, b) => expect(relate(a, b)).toBe("same"));

  it.each([
    ["IMG_1234.JPG", "IMG_1235.JPG"],
    ["PXL_20230501_102030123.jpg", "PXL_20230501_102030456.jpg"],
  ])("%s and %s are two numbers of one count", (a, b) => expect(relate(a, b)).toBe("numbers"));

  it.each([
    ["IMG_1234.JPG", "50783008917_797ac3_b.jpg"],
    ["1234.jpg", "1235.jpg"],
    ["", ""],
    ["scan001.jpg", "scan002.jpg"],
    ["20240501_102030.jpg", "20240501_102030(0).jpg"],
    ["20240501_102030(0).jpg", "20240501_102030(1).jpg"],
  ])("%s and %s say nothing of each other", (a, b) => expect(relate(a, b)).toBe("silent"));

  it.each([
    ["image.jpg", "image.JPG"],
    ["Photo (2).webp", "Photo (2).jpg"],
    ["scan001.jpg", "scan001.jpg"],
  ])("%s and %s are one name that many pictures have", (a, b) => expect(relate(a, b)).toBe("plain"));

  it.each([
    ["IMG_1234.JPG", "counter"],
    ["img 1234", "counter"],
    ["DSC01234.JPG", "counter"],
    ["P1010001.JPG", "counter"],
    ["Tokyo 2019.jpg", "distinct"],
    ["Photo (2).jpg", "plain"],
  ])("%s is a %s name", (name, kind) => expect(nameStem(name).kind).toBe(kind));

  it("knows an edited copy by its name", () => {
    expect(nameStem("IMG_E1234.JPG")).toMatchObject({ stem: "img_1234", kind: "counter", isEdited: true });
    expect(nameStem("Beach-edited.jpg")).toMatchObject({ stem: "beach", isEdited: true });
    expect(nameStem("IMG_1234.JPG").isEdited).toBe(false);
  });
});
