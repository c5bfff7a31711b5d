import { describe, expect, it } from "vitest";
import { type CompanionTraits, companionRole } from "../../../src/domain/companions.js";

const jpeg: CompanionTraits = { kind: "image", mimeType: "image/jpeg", takenDate: "2024-01-15T10:30:00" };
const raw: CompanionTraits = { kind: "raw", mimeType: "image/x-canon-cr2", takenDate: "2024-01-15T10:30:00" };
const clip: CompanionTraits = {
  kind: "video",
  mimeType: "video/quicktime",
  takenDate: "2024-01-15T18:30:01Z",
  durationSeconds: 3,
};
const at = (traits: CompanionTraits, takenDate: string): CompanionTraits => ({ ...traits, takenDate });
const undated = ({ takenDate: _, ...traits }: CompanionTraits): CompanionTraits => traits;
const named = (traits: CompanionTraits, contentIdentifier: string) => ({ ...traits, contentIdentifier });

describe("companionRole", () => {
  it("pairs RAW and JPEG of one moment, whichever is told of first", () => {
    expect(companionRole(jpeg, raw)).toBe("raw");
    expect(companionRole(raw, jpeg)).toBe("camera-jpeg");
  });

  it("pairs RAW and JPEG when either keeps no time", () => {
    expect(companionRole(undated(jpeg), raw)).toBe("raw");
    expect(companionRole(jpeg, undated(raw))).toBe("raw");
  });

  it("leaves a JPEG alone whose RAW of the same number is of another day", () => {
    expect(companionRole(jpeg, at(raw, "2024-01-16T10:30:00"))).toBeNull();
    expect(companionRole(jpeg, at(raw, "2024-01-15T11:30:00"))).toBeNull();
  });

  it("takes times ten seconds apart for one shot, and no more", () => {
    expect(companionRole(jpeg, at(raw, "2024-01-15T10:30:10"))).toBe("raw");
    expect(companionRole(jpeg, at(raw, "2024-01-15T10:30:11"))).toBeNull();
  });

  it("does not pair two stills, two films or two RAW files", () => {
    for (const one of [jpeg, raw, clip]) expect(companionRole(one, one)).toBeNull();
  });

  it("takes a short clip for the motion of a still, its clock being in UTC", () => {
    expect(companionRole(jpeg, clip)).toBe("motion");
    expect(companionRole(jpeg, at(clip, "2024-01-15T18:35:01Z"))).toBeNull();
    expect(companionRole(at(jpeg, "2024-01-15T10:30:00+05:45"), at(clip, "2024-01-15T04:45:02Z"))).toBe(
      "motion",
    );
  });

  it("does not take a film for a motion", () => {
    expect(companionRole(jpeg, { ...clip, durationSeconds: 8.5 })).toBeNull();
    const { durationSeconds: _, ...unmeasured } = clip;
    expect(companionRole(jpeg, unmeasured)).toBeNull();
  });

  it("believes content identifiers before times and lengths", () => {
    const long = { ...at(clip, "2020-01-01T00:00:00Z"), durationSeconds: 60 };
    expect(companionRole(named(jpeg, "A"), named(long, "A"))).toBe("motion");
    expect(companionRole(named(jpeg, "A"), named(clip, "B"))).toBeNull();
    expect(companionRole(named(jpeg, "A"), clip)).toBe("motion");
  });

  it("leaves a PNG beside RAW and clip to itself: no camera wrote it", () => {
    const png = { ...jpeg, mimeType: "image/png" };
    expect(companionRole(png, raw)).toBeNull();
    expect(companionRole(raw, png)).toBeNull();
    expect(companionRole(png, clip)).toBeNull();
    expect(companionRole(named(png, "A"), named(clip, "A"))).toBe("motion");
  });
});
