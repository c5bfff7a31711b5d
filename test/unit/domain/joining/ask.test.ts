import { describe, expect, test } from "vitest";
import { isPhotoDocument } from "../../../../src/control/records.js";
import { identityField } from "../../../../src/domain/identity/identity-field.js";
import { keptApart } from "../../../../src/domain/joining/apart.js";
import { identityConflict, withIdentityConflicts } from "../../../../src/domain/joining/ask.js";
import { resolveDocument } from "../../../../src/domain/resolve.js";
import { found, hashOf, mergeAll, T1, T2 } from "../photo-world.js";

const member = mergeAll([
  found({ digit: "b", id: "two", facts: { caption: "One" } }),
  found({ digit: "b", service: "flickr", id: "three", facts: { caption: "Two" } }),
]);
const host = mergeAll([found()]);
const better = mergeAll([found({ digit: "c", id: "four" })]);
const reason = { kind: "picture", speaks: "for", text: "they look the same" } as const;
const join = { role: "lower-quality", reasons: [reason] } as const;
const resolve = (document: typeof member, now: string) =>
  resolveDocument(document, { enabledRules: [], now }).document;
const about = (picture: typeof host, evidence: Parameters<typeof identityConflict>[0] = join) =>
  identityConflict(evidence, {
    photo_id: picture.photo_id,
    hash: picture.content_hash,
    filename: picture.metadata.filename,
    services: Object.keys(picture.instances),
  });

describe("a question of identity", () => {
  test("names the better picture, its photo and the evidence, and asks for a person", () => {
    const document = withIdentityConflicts(member, [about(host)], T2);
    expect(document).toMatchObject({ processing_state: "discovered", updated_at: T2 });
    expect(document.conflicts).toEqual([
      {
        type: "quality_variant",
        field: `identity:${host.content_hash}`,
        description: "May be a copy of IMG_1.jpg",
        services: ["google-photos"],
        values: {
          [host.content_hash]: {
            photo_id: host.photo_id,
            filename: "IMG_1.jpg",
            role: "lower-quality",
            reasons: ["they look the same"],
          },
        },
        resolution_required: true,
      },
    ]);
    expect(isPhotoDocument(document)).toBe(true);
  });

  test("is one of edits or of rotation where the evidence is", () => {
    const typesOf = [
      { role: "edited", reasons: [] } as const,
      { role: "edited", turns: 1, reasons: [] } as const,
    ].map((one) => about(host, one).type);
    expect(typesOf).toEqual(["edit_variant", "rotation"]);
  });

  test("takes the place of an earlier one about the same picture, and stands beside others", () => {
    const first = withIdentityConflicts(member, [about(better), about(host)], T1);
    const anew = [about(host, { ...join, role: "edited" }), about(better)];
    const again = withIdentityConflicts(first, anew, T2);
    expect(again.conflicts.map(({ type, field }) => [type, field])).toEqual([
      ["edit_variant", identityField(hashOf("a"))],
      ["quality_variant", identityField(hashOf("c"))],
    ]);
    expect(withIdentityConflicts(again, anew, "2030-01-01T00:00:00Z")).toBe(again);
  });

  test("stays as it is when the photo is resolved, and settling twice changes nothing", () => {
    const once = resolve(withIdentityConflicts(member, [about(host), about(better)], T1), T1);
    expect(once.conflicts.map(({ field }) => field)).toEqual([
      identityField(hashOf("a")),
      identityField(hashOf("c")),
      "caption",
    ]);
    expect(resolve(withIdentityConflicts(once, [about(better), about(host)], T2), T2)).toBe(once);
  });

  test("is withdrawn when nothing raises it any more", () => {
    const once = resolve(withIdentityConflicts(member, [about(host)], T1), T1);
    const none = resolve(withIdentityConflicts(once, [], T2), T2);
    expect(none.conflicts.map(({ field }) => field)).toEqual(["caption"]);
  });

  test("is never put about a picture that a person said is another one, nor about the photo's own bytes", () => {
    const apart = keptApart(withIdentityConflicts(member, [about(host)], T1), host.content_hash, T1);
    expect(apart.conflicts).toEqual([]);
    expect(apart.resolutions).toEqual([
      {
        field: identityField(host.content_hash),
        by: "person",
        rule: "different pictures",
        value: "different",
        resolved_at: T1,
      },
    ]);
    expect(withIdentityConflicts(apart, [about(host)], T2)).toBe(apart);
    expect(withIdentityConflicts(member, [about(member)], T2)).toBe(member);
    expect(resolve(apart, T2).resolutions).toEqual(apart.resolutions);
  });
});
