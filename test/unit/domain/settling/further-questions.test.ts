import { describe, expect, it } from "vitest";
import { withApproval } from "../../../../src/domain/approvals.js";
import type { Conflict, PhotoDocument, Resolution } from "../../../../src/domain/photo.js";
import { resolveDocument } from "../../../../src/domain/resolve.js";
import { DEFAULT_RULES } from "../../../../src/domain/rules.js";
import { type ServiceView, wishesFor } from "../../../../src/domain/service-wishes.js";
import { VISIBILITIES } from "../../../../src/domain/visibility.js";
import { found, mergeAll, readingsOf, T1, T2 } from "../photo-world.js";

const WITHOUT_LEVELS = DEFAULT_RULES.filter((name) => name !== "most_restrictive_visibility");

const resolve = (
  document: PhotoDocument,
  enabledRules = DEFAULT_RULES,
  services: readonly ServiceView[] = [],
) => resolveDocument(document, { enabledRules, services, now: T1 });

/** The document after a person's answer, as the answering of questions records it. */
const answered = (
  document: PhotoDocument,
  { field }: Conflict,
  value: Resolution["value"],
): PhotoDocument => ({
  ...document,
  conflicts: document.conflicts.filter((one) => one.field !== field),
  resolutions: [
    ...(document.resolutions ?? []),
    { field, by: "person", rule: "accepted", value, resolved_at: T2 },
  ],
});

const only = (document: PhotoDocument): Conflict => {
  expect(document.conflicts).toHaveLength(1);
  return document.conflicts[0] ?? expect.unreachable("none");
};

describe("levels that differ", () => {
  const photo = mergeAll([
    found({ service: "flickr", visibility: "public" }),
    found({ service: "google-photos", visibility: "friends" }),
  ]);

  it("are narrowed in any case, and asked about where no rule may decide", () => {
    expect(resolve(photo).open).toEqual([]);
    const { document, open } = resolve(photo, WITHOUT_LEVELS);
    expect(document.visibility.canonical).toBe("friends");
    expect(open).toMatchObject([
      {
        type: "visibility_mismatch",
        field: "visibility",
        values: { flickr: "public", "google-photos": "friends" },
      },
    ]);
    expect(resolve(document, WITHOUT_LEVELS).document).toBe(document);
    expect(resolve(document).open).toEqual([]);
  });

  it("are not asked about again once the owner decided, until one is narrower still", () => {
    const { document } = resolve(photo, WITHOUT_LEVELS);
    const kept = answered(document, only(document), "friends");
    expect(resolve(kept, WITHOUT_LEVELS).open).toEqual([]);
    const decision = { approved_by: "Ann", approved_at: T2, reason: "hers" };
    expect(resolve(withApproval(document, "public", decision), WITHOUT_LEVELS).open).toEqual([]);
    const { flickr } = kept.instances;
    if (flickr === undefined) expect.unreachable("not there");
    const hidden: PhotoDocument = {
      ...kept,
      instances: { ...kept.instances, flickr: { ...flickr, visibility: "private" } },
      visibility: { ...kept.visibility, per_service: { ...kept.visibility.per_service, flickr: "private" } },
    };
    const again = resolve(hidden, WITHOUT_LEVELS);
    expect(again.document.visibility.canonical).toBe("private");
    expect(again.open).toHaveLength(1);
  });
});

describe("a photo of which only renditions are left", () => {
  const sighting = found({ service: "google-photos" });
  const rendition = mergeAll([
    { ...sighting, instances: sighting.instances.map((one) => ({ ...one, quality: "high" as const })) },
  ]);

  it("is told, holds nothing up, and can be left so", () => {
    const { document, open } = resolve(rendition);
    expect(open).toEqual([]);
    expect(document.processing_state).toBe("resolved");
    expect(only(document)).toMatchObject({
      type: "missing_original",
      values: { "google-photos": "high" },
      resolution_required: false,
    });
    const known = answered(document, only(document), only(document).values);
    expect(resolve(known).document).toBe(known);
  });

  it("is no longer told once an original turns up", () => {
    const { document } = resolve(rendition);
    const folder = { ...document.instances["google-photos"], quality: "original" as const };
    const complete = { ...document, instances: { ...document.instances, folder } } as PhotoDocument;
    expect(resolve(complete).document.conflicts).toEqual([]);
  });
});

describe("a photo that an account does not take", () => {
  const flickr: ServiceView = {
    name: "flickr",
    uploads: { kind: "all" },
    fields: new Set(),
    settableVisibilities: VISIBILITIES,
    uploadLimits: { image: 5, video: 5 },
  };
  const photo = mergeAll([found({ service: "folder", visibility: "private" })], readingsOf(["a", {}]));

  it("is told, and is left off there for good where the owner says so", () => {
    const { document, open } = resolve(photo, DEFAULT_RULES, [flickr]);
    expect(open).toEqual([]);
    expect(only(document)).toMatchObject({ type: "service_policy", field: "service:flickr" });
    expect(wishesFor(document, flickr)).toMatchObject({
      wishes: [],
      held: [expect.stringContaining("flickr")],
    });
    const known = answered(document, only(document), only(document).values);
    expect(resolve(known, DEFAULT_RULES, [flickr]).document).toBe(known);
    expect(wishesFor(known, { ...flickr, uploadLimits: { image: 1e9, video: 1e9 } })).toEqual({
      wishes: [],
      held: [],
    });
  });

  it.each([
    ["nothing is to be uploaded", { uploads: { kind: "none" as const } }],
    ["it takes such photos", { uploadLimits: { image: 1e9, video: 1e9 } }],
  ])("is not told where %s", (_, change) => {
    const { document } = resolve(photo, DEFAULT_RULES, [flickr]);
    expect(resolve(document, DEFAULT_RULES, [{ ...flickr, ...change }]).document.conflicts).toEqual([]);
  });
});
