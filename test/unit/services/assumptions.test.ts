import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ServiceInstance } from "../../../src/ports/photo-service.js";
import type { Assumption, LiveSamples, OpenedSample } from "../../../src/services/assumption.js";
import { FLICKR_ASSUMPTIONS } from "../../../src/services/flickr/assumptions.js";
import { GOOGLE_DRIVE_ASSUMPTIONS } from "../../../src/services/google-drive/assumptions.js";
import { GOOGLE_PHOTOS_ASSUMPTIONS } from "../../../src/services/google-photos/assumptions.js";
import { photoDocument } from "../../fakes/fake-catalog.js";

const { content_hash: hash, photo_id: photoId } = photoDocument({ content: "a" });
const sha256 = hash.replace("sha256:", "");

const instance: ServiceInstance = {
  id: "1",
  version: "1",
  bytesStamp: "1",
  filename: "IMG_1.jpg",
  mediaKind: "image",
  visibility: "private",
  record: { id: "1", facts: {}, raw: {} },
  obtainable: "original",
};
const opened = (of: Partial<OpenedSample>): OpenedSample => ({
  instance,
  quality: "original",
  failure: null,
  mimeType: "image/jpeg",
  bytes: 1,
  checksums: { sha256, sha1: "1", md5: "5" },
  ...of,
});
const nothing: LiveSamples = { listed: [], alone: null, strangeId: null, opened: [] };

function named(all: readonly Assumption[], name: string) {
  const found = all.find((one) => one.name === name) ?? expect.unreachable();
  return (samples: Partial<LiveSamples>) => found.judge?.({ ...nothing, ...samples })?.isSo ?? null;
}

describe("what a look at an account says of an assumption", () => {
  it.each(["originals of photos", "originals of videos"])("%s: only where one was opened", (name) => {
    const judge = named(FLICKR_ASSUMPTIONS, name);
    const of = { ...instance, mediaKind: name.endsWith("videos") ? ("video" as const) : ("image" as const) };
    expect(judge({})).toBeNull();
    expect(judge({ opened: [opened({ instance: of })] })).toBe(true);
    expect(judge({ opened: [opened({ instance: of, quality: "medium" })] })).toBe(false);
    expect(judge({ opened: [opened({ instance: of, quality: null, failure: "not found" })] })).toBe(false);
  });

  it("same bytes back: only of photosync's own upload, read to its end", () => {
    const judge = named(FLICKR_ASSUMPTIONS, "same bytes back");
    const own = { ...instance, mark: { photoId, hash } };
    expect(judge({ opened: [opened({})] })).toBeNull();
    expect(judge({ opened: [opened({ instance: own, checksums: null })] })).toBeNull();
    expect(judge({ opened: [opened({ instance: own })] })).toBe(true);
    const other = { sha256: "0", sha1: "0", md5: "0" };
    expect(judge({ opened: [opened({ instance: own, checksums: other })] })).toBe(false);
  });

  it("checksums: each that the service tells has to agree", () => {
    const judge = named(GOOGLE_DRIVE_ASSUMPTIONS, "checksums");
    expect(judge({ opened: [opened({})] })).toBeNull();
    expect(judge({ opened: [opened({ instance: { ...instance, checksums: { sha256, md5: "5" } } })] })).toBe(
      true,
    );
    expect(judge({ opened: [opened({ instance: { ...instance, checksums: { sha256, md5: "6" } } })] })).toBe(
      false,
    );
  });

  it("lists and single photos: the versions are compared", () => {
    const judge = named(FLICKR_ASSUMPTIONS, "lists and single photos");
    expect(judge({})).toBeNull();
    expect(judge({ alone: { listed: instance, read: instance } })).toBe(true);
    expect(judge({ alone: { listed: instance, read: { ...instance, version: "2" } } })).toBe(false);
    expect(judge({ alone: { listed: instance, read: null } })).toBe(false);
  });

  it("every one stands in DESIGN.md, word for word", () => {
    const design = readFileSync(new URL("../../../DESIGN.md", import.meta.url), "utf8");
    const all = [...FLICKR_ASSUMPTIONS, ...GOOGLE_DRIVE_ASSUMPTIONS, ...GOOGLE_PHOTOS_ASSUMPTIONS];
    for (const { name, claim, otherwise, byHand } of all)
      for (const words of [`: ${name} | ${claim} | ${otherwise} |`, byHand]) expect(design).toContain(words);
  });

  it("every one says what follows where it does not hold, and how an owner finds out", () => {
    const all = [...FLICKR_ASSUMPTIONS, ...GOOGLE_DRIVE_ASSUMPTIONS, ...GOOGLE_PHOTOS_ASSUMPTIONS];
    for (const { name, claim, otherwise, byHand } of all)
      expect([name, claim.length > 20, otherwise.length > 20, byHand.length > 20]).toEqual([
        name,
        true,
        true,
        true,
      ]);
  });
});
