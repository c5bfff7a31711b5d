import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { derive } from "../../../src/domain/derive.js";
import type { PhotoFound, Readings } from "../../../src/domain/finding.js";
import { foldPhoto } from "../../../src/domain/fold.js";
import { isPhotoId, type PhotoId } from "../../../src/domain/ids.js";
import { mergeFinding } from "../../../src/domain/merge.js";
import type { PhotoDocument } from "../../../src/domain/photo.js";
import { resolveDocument } from "../../../src/domain/resolve.js";
import { sameJson } from "../../../src/domain/same-json.js";
import { isWider } from "../../../src/domain/visibility.js";
import { contextAt, hashOf, T0, T1, T2 } from "../../unit/domain/photo-world.js";
import { history, readings } from "./library-world.js";

const LONE_ID: PhotoId = (() => {
  const text = "0d3c7a52-7f0f-5c54-9d51-1f5f2a0c9f11";
  if (!isPhotoId(text)) throw new RangeError(text);
  return text;
})();

const hostOf = (finding: PhotoFound, known: Readings): PhotoDocument =>
  mergeFinding(null, { ...finding, variants: [] }, known, contextAt(T0));

/** The same sightings, told of other bytes that nobody has paired yet. */
const loneOf = (finding: PhotoFound, known: Readings): PhotoDocument => {
  const original = { ...finding.original, hash: hashOf("b"), filename: "b.jpg" };
  const context = { ...contextAt(T1), photoId: LONE_ID };
  return mergeFinding(null, { ...finding, original, variants: [] }, known, context);
};

const words = ({ id, raw: { imageViews: _, ...raw } }: PhotoDocument["sources"][string][number]) => ({
  id,
  raw,
});

describe("foldPhoto", () => {
  test.prop([history, history, readings])("loses nothing of either photo", (ours, theirs, known) => {
    const host = hostOf(ours.first, known);
    const lone = loneOf(theirs.first, known);
    const both = foldPhoto(host, lone, "edited", T2) ?? expect.unreachable("was kept apart");

    expect(both.variants).toMatchObject([{ blob_key: lone.blob_key, instances: lone.instances }]);
    expect(both.instances).toEqual(host.instances);
    for (const { sources, albums = [], visibility } of [host, lone]) {
      for (const [source, records] of Object.entries(sources)) {
        const held = both.sources[source]?.map(words) ?? [];
        for (const record of records) expect(held).toContainEqual(words(record));
      }
      expect(both.albums ?? []).toEqual(expect.arrayContaining([...albums]));
      expect(isWider(both.visibility.canonical, visibility.canonical)).toBe(false);
      expect(Object.keys(both.visibility.per_service)).toEqual(
        expect.arrayContaining(Object.keys(visibility.per_service)),
      );
    }
    const { filename, ...metadata } = both.metadata;
    expect({ filename, metadata }).toEqual({
      filename: host.metadata.filename,
      metadata: derive(both).metadata,
    });
    expect(foldPhoto(both, lone, "edited", T2)).toBeNull();
  });

  test.prop([history, history, readings])(
    "takes a resolved photo in exactly when nothing of it is left to a person",
    (ours, theirs, known) => {
      const lone = loneOf(theirs.first, known);
      const settled = resolveDocument(lone, { enabledRules: [], now: T1 });
      const folded = foldPhoto(hostOf(ours.first, known), settled.document, "motion", T2);
      expect(folded === null).toBe(settled.open.length > 0);
      if (folded !== null) expect(sameJson(folded.variants?.[0]?.media, lone.media)).toBe(true);
    },
  );
});
