import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ContentHash, PhotoId } from "../../../../src/domain/ids.js";
import { photoIdOf } from "../../../../src/infra/hash.js";
import { type Assignment, PhotoAssigner } from "../../../../src/phases/discover/assign.js";
import type { Finding } from "../../../../src/ports/photo-source.js";
import { findingOf, hashOf } from "./findings.js";

/** A library that knows files by content: `raw: "raw"` says that `raw` belongs to the photo made of `raw`. */
function assigner(known: Readonly<Record<string, string>> = {}): PhotoAssigner {
  const owners = new Map<ContentHash, PhotoId>(
    Object.entries(known).map(([content, of]) => [hashOf(content), photoIdOf(hashOf(of))]),
  );
  return new PhotoAssigner({ photoOfHash: (hash) => owners.get(hash) ?? null }, photoIdOf);
}

const photos = (...contents: readonly string[]): ReadonlySet<PhotoId> =>
  new Set(contents.map((content) => photoIdOf(hashOf(content))));
const NONE = photos();

const CONTENTS = ["jpeg", "raw", "edited", "motion", "other"];
const nameOf = (photoId: PhotoId) => CONTENTS.find((content) => photoIdOf(hashOf(content)) === photoId);
/** Assignments in words: `photo: original + role variant`. */
const told = (assignments: readonly Assignment[]) =>
  assignments.map(({ photoId, finding }) => {
    const variants = finding.variants.map(({ role, file }) => ` + ${role} ${file.filename}`);
    return `${nameOf(photoId)}: ${finding.original.filename}${variants.join("")}`;
  });

describe("PhotoAssigner", () => {
  const pair = findingOf("jpeg", ["raw", "raw"]);

  it("names a new photo after its original, and hands the finding on as it is", () => {
    const [only] = assigner().assign(pair, NONE);
    expect(only?.finding).toBe(pair);
    expect(told([only as Assignment])).toEqual(["jpeg: jpeg + raw raw"]);
  });

  it("joins a JPEG to the RAW that the library has known alone", () => {
    expect(told(assigner({ raw: "raw" }).assign(pair, NONE))).toEqual(["raw: raw + camera-jpeg jpeg"]);
  });

  it("keeps the other variants when it tells a finding from its RAW", () => {
    const all = findingOf("jpeg", ["motion", "motion"], ["raw", "raw"]);
    expect(told(assigner({ raw: "raw" }).assign(all, NONE))).toEqual([
      "raw: raw + camera-jpeg jpeg + motion motion",
    ]);
  });

  it("folds a known photo into the one that shows it as its variant, and leaves nothing to it", () => {
    for (const known of [{ edited: "edited" }, { edited: "edited", jpeg: "jpeg" }]) {
      const one = assigner(known);
      const live = findingOf("jpeg", ["edited", "edited"], ["motion", "motion"]);
      const assignments = one.assign(live, photos("edited"));
      expect(told(assignments)).toEqual(["jpeg: jpeg + edited edited + motion motion"]);
      expect(assignments[0]?.finding).toBe(live);
      expect(assignments[0]?.folds).toEqual([{ photoId: photoIdOf(hashOf("edited")), role: "edited" }]);
      const again = one.assign(findingOf("other", ["edited", "edited"]), photos("edited"));
      expect(told(again)).toEqual(["other: other", "jpeg: edited"]);
      expect(again.flatMap(({ folds }) => folds)).toEqual([]);
      expect(told(one.assign(findingOf("edited"), NONE))).toEqual(["jpeg: edited"]);
    }
  });

  it("does not fold a photo that the same run has told of something", () => {
    const one = assigner({ edited: "edited" });
    one.assign(findingOf("edited", ["motion", "motion"]), NONE);
    expect(told(one.assign(findingOf("jpeg", ["edited", "edited"]), photos("edited")))).toEqual([
      "jpeg: jpeg",
      "edited: edited",
    ]);
  });

  it("leaves bytes with the photo that they belong to where that may not be folded, and tells that photo of the new place", () => {
    expect(told(assigner({ jpeg: "jpeg", raw: "raw" }).assign(pair, NONE))).toEqual([
      "jpeg: jpeg",
      "raw: raw",
    ]);
    const edit = findingOf("jpeg", ["edited", "edited"], ["motion", "motion"]);
    expect(told(assigner({ edited: "edited" }).assign(edit, NONE))).toEqual([
      "jpeg: jpeg + motion motion",
      "edited: edited",
    ]);
  });

  it("follows bytes that the library holds as a variant", () => {
    expect(told(assigner({ jpeg: "jpeg", raw: "jpeg" }).assign(findingOf("raw"), NONE))).toEqual([
      "jpeg: raw",
    ]);
  });

  it("gives a file found alone to the pair that the same run found first", () => {
    const both = assigner();
    both.assign(pair, NONE);
    expect(told(both.assign(findingOf("raw"), NONE))).toEqual(["jpeg: raw"]);
  });

  const content = fc.constantFrom(...CONTENTS);
  const finding: fc.Arbitrary<Finding> = fc
    .uniqueArray(content, { minLength: 1, maxLength: 3 })
    .map(([original = "jpeg", ...others]) =>
      findingOf(original, ...others.map((each) => [each === "raw" ? "raw" : "other", each] as const)),
    );
  const known = fc.dictionary(content, content, { maxKeys: 3 });

  /** Only a photo that holds its original and nothing else may be folded. */
  const isLone = (library: Readonly<Record<string, string>>, one: string) =>
    library[one] === one && Object.values(library).filter((of) => of === one).length === 1;

  it("gives all bytes of one hash to one photo, and loses no file of a finding", () => {
    fc.assert(
      fc.property(
        fc.array(finding, { maxLength: 5 }),
        known,
        fc.subarray(CONTENTS),
        (findings, library, some) => {
          const one = assigner(library);
          const mayFold = photos(...some.filter((each) => isLone(library, each)));
          const owners = new Map<ContentHash, PhotoId>();
          const hosts = new Map<PhotoId, PhotoId>();
          for (const each of findings) {
            const assignments = one.assign(each, mayFold);
            for (const { photoId, folds } of assignments)
              for (const folded of folds) hosts.set(folded.photoId, photoId);
            const files = assignments.flatMap(({ photoId, finding: { original, variants } }) =>
              [original, ...variants.map(({ file }) => file)].map((file) => ({ photoId, file })),
            );
            const given = [each.original, ...each.variants.map(({ file }) => file)];
            expect(files.map(({ file }) => file.filename).sort()).toEqual(
              given.map((file) => file.filename).sort(),
            );
            for (const { photoId, file } of files) {
              expect(owners.get(file.hash) ?? photoId).toBe(photoId);
              owners.set(file.hash, photoId);
              const of = library[file.filename];
              if (of === undefined) continue;
              const owner = photoIdOf(hashOf(of));
              expect(photoId).toBe(hosts.get(owner) ?? owner);
            }
          }
        },
      ),
    );
  });
});
