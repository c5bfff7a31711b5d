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
    const [only] = assigner().assign(pair);
    expect(only?.finding).toBe(pair);
    expect(told([only as Assignment])).toEqual(["jpeg: jpeg + raw raw"]);
  });

  it("joins a JPEG to the RAW that the library has known alone", () => {
    expect(told(assigner({ raw: "raw" }).assign(pair))).toEqual(["raw: raw + camera-jpeg jpeg"]);
  });

  it("keeps the other variants when it tells a finding from its RAW", () => {
    const all = findingOf("jpeg", ["motion", "motion"], ["raw", "raw"]);
    expect(told(assigner({ raw: "raw" }).assign(all))).toEqual([
      "raw: raw + camera-jpeg jpeg + motion motion",
    ]);
  });

  it("leaves bytes with the photo that they belong to, and tells that photo of the new place", () => {
    expect(told(assigner({ jpeg: "jpeg", raw: "raw" }).assign(pair))).toEqual(["jpeg: jpeg", "raw: raw"]);
    const edit = findingOf("jpeg", ["edited", "edited"], ["motion", "motion"]);
    expect(told(assigner({ edited: "edited" }).assign(edit))).toEqual([
      "jpeg: jpeg + motion motion",
      "edited: edited",
    ]);
  });

  it("follows bytes that the library holds as a variant", () => {
    expect(told(assigner({ jpeg: "jpeg", raw: "jpeg" }).assign(findingOf("raw")))).toEqual(["jpeg: raw"]);
  });

  it("gives a file found alone to the pair that the same run found first", () => {
    const both = assigner();
    both.assign(pair);
    expect(told(both.assign(findingOf("raw")))).toEqual(["jpeg: raw"]);
  });

  const content = fc.constantFrom(...CONTENTS);
  const finding: fc.Arbitrary<Finding> = fc
    .uniqueArray(content, { minLength: 1, maxLength: 3 })
    .map(([original = "jpeg", ...others]) =>
      findingOf(original, ...others.map((each) => [each === "raw" ? "raw" : "other", each] as const)),
    );
  const known = fc.dictionary(content, content, { maxKeys: 3 });

  it("gives all bytes of one hash to one photo, and loses no file of a finding", () => {
    fc.assert(
      fc.property(fc.array(finding, { maxLength: 5 }), known, (findings, library) => {
        const one = assigner(library);
        const owners = new Map<ContentHash, PhotoId>();
        for (const each of findings) {
          const assignments = one.assign(each);
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
            if (of !== undefined) expect(photoId).toBe(photoIdOf(hashOf(of)));
          }
        }
      }),
    );
  });
});
