import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Examined } from "../../../../src/ports/photo-source.js";
import { type GroupedFile, pairFiles } from "../../../../src/services/folder/pair-files.js";
import { examined } from "./examined-files.js";

const told = ({ file, sidecars }: GroupedFile): string =>
  [file.name, ...sidecars.map((sidecar) => `<${sidecar.name}>`)].join(" ");

/** The grouping in words: `photo | role file`, a file's sidecars in angle brackets. */
function grouping(files: readonly Examined[]): { photos: string[]; orphans: string[] } {
  const { groups, orphanSidecars } = pairFiles(files);
  return {
    photos: groups.map(({ original, variants }) =>
      [told(original), ...variants.map((variant) => `${variant.role} ${told(variant)}`)].join(" | "),
    ),
    orphans: orphanSidecars.map(({ name }) => name),
  };
}
const photos = (...names: (string | Examined)[]): string[] =>
  grouping(names.map((name) => (typeof name === "string" ? examined(name) : name))).photos;

describe("pairFiles", () => {
  it("makes one photo of RAW, JPEG, clip and sidecar of one stem", () => {
    expect(photos("d/IMG_1.CR2", "d/IMG_1.JPG", "d/IMG_1.MOV", "d/IMG_1.xmp")).toEqual([
      "d/IMG_1.JPG <d/IMG_1.xmp> | raw d/IMG_1.CR2 | motion d/IMG_1.MOV",
    ]);
  });

  it("does not mind letter case", () => {
    expect(photos("IMG_1.CR2", "img_1.jpg", "Img_1.XMP")).toEqual(["img_1.jpg <Img_1.XMP> | raw IMG_1.CR2"]);
  });

  it("looks no further than the folder", () => {
    expect(photos("a/IMG_1.JPG", "b/IMG_1.CR2", "b/c/IMG_1.MOV")).toEqual([
      "a/IMG_1.JPG",
      "b/IMG_1.CR2",
      "b/c/IMG_1.MOV",
    ]);
  });

  it("keeps the files of a burst and of numbered copies apart", () => {
    expect(photos("IMG_1_BURST001.jpg", "IMG_1_BURST002.jpg", "IMG_1(1).jpg", "IMG_1.jpg")).toHaveLength(4);
  });

  it("leaves two pictures of one stem two photos, and the RAW with the one that the camera wrote", () => {
    expect(photos("IMG_1.jpg", "IMG_1.png")).toEqual(["IMG_1.jpg", "IMG_1.png"]);
    expect(photos("IMG_1.jpg", "IMG_1.png", "IMG_1.CR2")).toEqual(["IMG_1.jpg | raw IMG_1.CR2", "IMG_1.png"]);
  });

  it("does not guess which of two pictures a RAW or a clip belongs to", () => {
    expect(photos("IMG_1.heic", "IMG_1.jpg", "IMG_1.CR2")).toHaveLength(3);
    expect(photos("IMG_1.heic", "IMG_1.jpg", "IMG_1.MOV")).toHaveLength(3);
  });

  it("lets times and identifiers tell which of two it belongs to", () => {
    expect(
      photos(
        examined("IMG_1.heic", { contentIdentifier: "A" }),
        examined("IMG_1.jpg", { contentIdentifier: "B" }),
        examined("IMG_1.MOV", { contentIdentifier: "A" }),
      ),
    ).toEqual(["IMG_1.heic | motion IMG_1.MOV", "IMG_1.jpg"]);
    expect(
      photos(
        examined("IMG_1.heic", { takenDate: "2024-01-15T10:30:00" }),
        examined("IMG_1.jpg", { takenDate: "2020-06-01T08:00:00" }),
        examined("IMG_1.CR2", { takenDate: "2020-06-01T08:00:00" }),
      ),
    ).toEqual(["IMG_1.heic", "IMG_1.jpg | raw IMG_1.CR2"]);
  });

  it("leaves a camera's film of the same number a photo of its own", () => {
    expect(photos("IMG_1.jpg", examined("IMG_1.mp4", { durationSeconds: 95 }))).toEqual([
      "IMG_1.jpg",
      "IMG_1.mp4",
    ]);
  });

  it("gives each role once: a second RAW is a photo of its own", () => {
    expect(photos("IMG_1.CR2", "IMG_1.DNG", "IMG_1.JPG")).toEqual(["IMG_1.DNG", "IMG_1.JPG | raw IMG_1.CR2"]);
  });

  it("takes no dot at the beginning of a name for an extension's", () => {
    expect(photos("d/.jpg", "d/.cr2")).toHaveLength(2);
  });
});

describe("sidecars", () => {
  it("named by the whole file speak of that file and not of the one beside it", () => {
    expect(photos("IMG_1.CR2", "IMG_1.JPG", "IMG_1.JPG.xmp", "IMG_1.CR2.xmp")).toEqual([
      "IMG_1.JPG <IMG_1.JPG.xmp> | raw IMG_1.CR2 <IMG_1.CR2.xmp>",
    ]);
    expect(photos("IMG_1.jpg", "IMG_1.png", "IMG_1.png.xmp")).toEqual([
      "IMG_1.jpg",
      "IMG_1.png <IMG_1.png.xmp>",
    ]);
  });

  it("of the stem come before the file's own, which have the last word", () => {
    expect(photos("IMG_1.jpg", "IMG_1.jpg.xmp", "IMG_1.xmp")).toEqual([
      "IMG_1.jpg <IMG_1.xmp> <IMG_1.jpg.xmp>",
    ]);
  });

  it("of the stem speak of the photo with the RAW, and of every photo where there is none", () => {
    expect(photos("IMG_1.png", "IMG_1.CR2", "IMG_1.xmp")).toEqual(["IMG_1.CR2 <IMG_1.xmp>", "IMG_1.png"]);
    expect(photos("IMG_1.png", "IMG_1.jpg", "IMG_1.xmp")).toEqual([
      "IMG_1.jpg <IMG_1.xmp>",
      "IMG_1.png <IMG_1.xmp>",
    ]);
  });

  it("named by a file do not speak of another one's stem", () => {
    expect(photos("IMG_1.jpg", "IMG_1.jpg.png", "IMG_1.jpg.xmp")).toEqual([
      "IMG_1.jpg <IMG_1.jpg.xmp>",
      "IMG_1.jpg.png",
    ]);
  });

  it("without a picture beside them are orphans", () => {
    const files = ["a/IMG_1.xmp", "IMG_1.jpg", "IMG_2.JPG.xmp"].map((name) => examined(name));
    expect(grouping(files)).toEqual({ photos: ["IMG_1.jpg"], orphans: ["IMG_2.JPG.xmp", "a/IMG_1.xmp"] });
  });
});

describe("any folder", () => {
  const name = fc
    .tuple(
      fc.constantFrom("", "d/"),
      fc.constantFrom("IMG_1", "img_1", "IMG_2"),
      fc.constantFrom(
        "jpg",
        "JPG",
        "heic",
        "png",
        "CR2",
        "dng",
        "MOV",
        "mp4",
        "xmp",
        "jpg.xmp",
        "CR2.xmp",
        "txt",
      ),
    )
    .map(([folder, stem, extension]) => `${folder}${stem}.${extension}`);
  const folder = fc.uniqueArray(name, { maxLength: 12 }).map((names) => names.map((each) => examined(each)));

  it("has each picture in exactly one photo and each sidecar somewhere or an orphan", () => {
    fc.assert(
      fc.property(folder, (files) => {
        const { groups, orphanSidecars } = pairFiles(files);
        const members = groups.flatMap(({ original, variants }) => [original, ...variants]);
        const media = files.filter((file) => file.kind === "media");
        expect(members.map(({ file }) => file.name).sort()).toEqual(media.map((file) => file.name).sort());
        const spoken = new Set([...members.flatMap(({ sidecars }) => sidecars), ...orphanSidecars]);
        expect(spoken).toEqual(new Set(files.filter((file) => file.kind === "xmp")));
        for (const { variants } of groups) {
          const roles = variants.map(({ role }) => role);
          expect(new Set(roles).size).toBe(roles.length);
        }
      }),
    );
  });

  it("is grouped alike in whatever order its files are found", () => {
    const shuffled = folder.chain((files) =>
      fc.tuple(fc.constant(files), fc.shuffledSubarray(files, { minLength: files.length })),
    );
    fc.assert(
      fc.property(shuffled, ([files, other]) => {
        expect(grouping(other)).toEqual(grouping(files));
      }),
    );
  });
});
