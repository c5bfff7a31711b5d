import { describe, expect, it } from "vitest";
import { withApproval } from "../../../src/domain/approvals.js";
import type { PhotoDocument } from "../../../src/domain/photo.js";
import { resolveDocument } from "../../../src/domain/resolve.js";
import { DEFAULT_RULES } from "../../../src/domain/rules.js";
import type { SeenVisibility } from "../../../src/domain/visibility.js";
import {
  isPrivate,
  visibilityCause,
  visibilityFacts,
  visibilityShift,
} from "../../../src/domain/visibility-story.js";
import { found, mergeAll, T1, T2 } from "./photo-world.js";

const photo = mergeAll([found({ service: "flickr", id: "1", visibility: "private" })]);
const approved = withApproval(photo, "public", { approved_by: "Ann", approved_at: T1, reason: "" });
const seenAs = (document: PhotoDocument, flickr: SeenVisibility): PhotoDocument => ({
  ...document,
  visibility: { ...document.visibility, per_service: { flickr } },
});
const shiftOf = (before: PhotoDocument | null, after: PhotoDocument | null) =>
  visibilityShift(
    before === null ? null : visibilityFacts(before),
    after === null ? null : visibilityFacts(after),
  );
/** The shift, with its cause, as `command` made it. */
function storyOf(command: string, before: PhotoDocument | null, after: PhotoDocument | null) {
  const shift = shiftOf(before, after);
  return shift === null ? null : { ...shift, cause: visibilityCause(command, shift) };
}

describe("a visibility's story", () => {
  it("begins with what was found", () => {
    expect(storyOf("discover", null, photo)).toMatchObject({
      cause: "found",
      canonical: { from: null, to: "private" },
      services: [{ service: "flickr", from: null, to: "private" }],
      isWider: false,
    });
    expect(shiftOf(null, seenAs(photo, "unknown"))?.isWider).toBe(true);
  });

  it("has nothing to tell of other changes", () => {
    expect(shiftOf(photo, { ...photo, metadata: { ...photo.metadata, caption: "x" } })).toBeNull();
    expect(shiftOf(null, null)).toBeNull();
  });

  it("names the approval of a decision, and the one that was taken back", () => {
    expect(storyOf("visibility", photo, approved)).toMatchObject({
      cause: "approval",
      approved: approved.approvals,
      withdrawn: [],
      isWider: true,
    });
    expect(storyOf("undo", approved, photo)).toMatchObject({
      cause: "undo",
      withdrawn: approved.approvals,
      isWider: false,
    });
  });

  it("names the approval on which a service was widened", () => {
    expect(storyOf("replicate", approved, seenAs(approved, "public"))).toMatchObject({
      cause: "carried-out",
      canonical: null,
      restsOn: approved.approvals?.[0],
      isWider: true,
    });
    expect(storyOf("replicate", photo, seenAs(photo, "public"))).toMatchObject({ restsOn: null });
  });

  it("names the rule that narrowed", () => {
    const shown = mergeAll([found({ service: "flickr", id: "1", visibility: "public" })]);
    const hidden = {
      ...shown,
      instances: photo.instances,
      visibility: { ...shown.visibility, per_service: { flickr: "private" as const } },
    };
    const narrowed = resolveDocument(hidden, { enabledRules: DEFAULT_RULES, now: T2 }).document;
    expect(storyOf("resolve", hidden, narrowed)).toMatchObject({
      cause: "rule",
      rule: "most_restrictive_visibility",
      canonical: { from: "public", to: "private" },
      isWider: false,
    });
  });

  it("tells the service's own changes, hand edits and the end apart", () => {
    expect(storyOf("discover", photo, seenAs(photo, "friends"))?.cause).toBe("seen");
    expect(storyOf("edit", photo, approved)?.cause).toBe("edit");
    expect(storyOf("discover", photo, null)).toMatchObject({
      cause: "removed",
      canonical: { from: "private", to: null },
      services: [{ from: "private", to: null }],
      isWider: false,
    });
  });
});

describe("isPrivate", () => {
  it("takes what cannot be read, or is approved, for not private", () => {
    expect(isPrivate(null)).toBe(true);
    expect(isPrivate(visibilityFacts(photo))).toBe(true);
    expect(isPrivate(visibilityFacts(seenAs(photo, "unknown")))).toBe(false);
    expect(isPrivate(visibilityFacts(approved))).toBe(false);
  });
});
