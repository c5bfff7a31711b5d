import { describe, expect, test } from "vitest";
import { mergeFinding } from "../../../src/domain/merge.js";
import { resolveDocument } from "../../../src/domain/resolve.js";
import { DEFAULT_RULES } from "../../../src/domain/rules.js";
import {
  contextAt,
  editedByHand,
  found,
  hashOf,
  mergeAll,
  PHOTO_ID,
  readingsOf,
  T0,
  T1,
  T2,
  variantFound,
} from "./photo-world.js";

const plainBytes = readingsOf(["a", {}], ["b", {}], ["c", {}]);
const later = contextAt(T2);
const merge = (known: Parameters<typeof mergeFinding>[0], finding: Parameters<typeof mergeFinding>[1]) =>
  mergeFinding(known, finding, plainBytes, later);
const replicated = (document: ReturnType<typeof merge>) => ({
  ...document,
  processing_state: "replicated" as const,
});

describe("a new photo", () => {
  test("gets its whole document from the finding and the bytes", () => {
    const readings = readingsOf(["a", { taken_date: "2023-12-31T23:30:00" }], ["b", {}]);
    const document = mergeFinding(
      null,
      found({
        path: "takeout-001.zip",
        entry: "Photos from 2023/IMG_1.jpg",
        facts: { caption: "Fireworks", albums: ["Party"] },
        variants: [variantFound("edited", { digit: "b", id: "two" })],
      }),
      readings,
      contextAt(T0),
    );
    const hex = "a".repeat(64);
    expect(document).toMatchObject({
      photo_id: PHOTO_ID,
      content_hash: hashOf("a"),
      canonical_source: "google-photos:one",
      source_of_truth_path: "takeout-001.zip#Photos from 2023/IMG_1.jpg",
      blob_key: `2023/12/${PHOTO_ID}-${hex}.jpg`,
      media: { mime_type: "image/jpeg", bytes: 1000, width: 4 },
      metadata: { taken_date: "2023-12-31T23:30:00", filename: "IMG_1.jpg", caption: "Fireworks", tags: [] },
      albums: ["Party"],
      processing_state: "discovered",
      conflicts: [],
      created_at: T0,
      updated_at: T0,
    });
    expect(document.variants).toMatchObject([
      { role: "edited", content_hash: hashOf("b"), blob_key: `2023/12/${PHOTO_ID}-${"b".repeat(64)}.jpg` },
    ]);
    expect(document.sources["original"]?.map(({ id }) => id)).toEqual([hashOf("a"), hashOf("b")]);
  });

  test("is no wider than the narrowest level seen, and what cannot be read narrows nothing", () => {
    expect(mergeAll([found({ visibility: "friends" })]).visibility).toEqual({
      canonical: "friends",
      per_service: { "google-photos": "friends" },
      discrepancies: [],
    });
    expect(
      mergeAll([found({ visibility: "unknown" })], undefined, contextAt(T0, "friends")).visibility,
    ).toEqual({
      canonical: "friends",
      per_service: { "google-photos": "unknown" },
      discrepancies: [{ service: "google-photos", current: "unknown", canonical: "friends" }],
    });
  });

  test("without a date lies among the undated", () => {
    expect(mergeAll([found()]).blob_key).toMatch(/^undated\//);
  });

  test("needs to be told what its bytes say", () => {
    expect(() => mergeFinding(null, found(), new Map(), later)).toThrow(
      expect.objectContaining({ kind: "bug", code: "merge.no-reading" }),
    );
  });
});

describe("a known photo", () => {
  const known = mergeAll([found({ facts: { caption: "Sunset" } })]);

  test("stays the very same document when nothing is new", () => {
    expect(merge(known, found({ facts: { caption: "Sunset" } }))).toBe(known);
  });

  test("refuses the finding of another photo", () => {
    expect(() => merge(known, found({ digit: "c" }))).toThrow(
      expect.objectContaining({ code: "merge.foreign-finding" }),
    );
  });

  test("notes one more place of a copy without going back a phase", () => {
    const next = merge(replicated(known), found({ facts: { caption: "Sunset" }, path: "album/IMG_1.jpg" }));
    expect(next.instances["google-photos"]?.locations).toEqual([
      { path: "IMG_1.jpg" },
      { path: "album/IMG_1.jpg" },
    ]);
    expect(next).toMatchObject({ processing_state: "replicated", updated_at: T2 });
    expect(next.instances["google-photos"]?.last_sync).toBe(T2);
  });

  test("keeps a further copy on a service beside the first", () => {
    const next = merge(known, found({ id: "two", visibility: "public" }));
    expect(next.instances["google-photos"]).toMatchObject({
      id: "one",
      last_sync: T0,
      copies: [{ id: "two", last_sync: T2 }],
    });
    expect(next.visibility.per_service["google-photos"]).toBe("public");
    expect(merge(next, found({ id: "two", visibility: "public" }))).toBe(next);
  });

  test("goes back to discovered for a new service, a new variant, a new value", () => {
    const done = replicated(known);
    for (const finding of [
      found({ service: "flickr" }),
      found({ facts: { caption: "Sunset" }, variants: [variantFound("raw", { digit: "b" })] }),
      found({ facts: { caption: "Sunrise" } }),
      found({ facts: { caption: "Sunset" }, visibility: "public" }),
    ]) {
      expect(merge(done, finding).processing_state).toBe("discovered");
    }
  });

  test("takes an original that it knows as a variant to that variant", () => {
    const both = merge(known, found({ variants: [variantFound("edited", { digit: "b" })] }));
    const next = merge(both, found({ service: "flickr", digit: "b", id: "f1" }));
    expect(next.instances["flickr"]).toBeUndefined();
    expect(next.variants?.[0]?.instances["flickr"]?.id).toBe("f1");
    expect(next).toMatchObject({ content_hash: hashOf("a"), blob_key: known.blob_key });
  });

  test("gives a raw file its role when the camera's JPEG was found first", () => {
    const next = merge(
      known,
      found({ digit: "b", variants: [variantFound("camera-jpeg", { digit: "a", id: "one" })] }),
    );
    expect(next.variants).toMatchObject([{ role: "raw", content_hash: hashOf("b") }]);
  });

  test("keeps every word a source said, and lets the last speak", () => {
    const next = merge(known, found({ facts: { caption: "Sunrise" } }));
    expect(next.sources["google-photos"]?.map(({ facts }) => facts.caption)).toEqual(["Sunset", "Sunrise"]);
    expect(next.metadata.caption).toBe("Sunrise");
    expect(merge(next, found({ facts: { caption: "Sunset" } }))).toBe(next);
  });

  test("lets words that a folder holds again speak again, and an old export's stay what they were", () => {
    const said = (caption: string, isCurrent: boolean) => {
      const finding = found({ facts: { caption }, raw: { caption } });
      return { ...finding, instances: finding.instances.map((instance) => ({ ...instance, isCurrent })) };
    };
    const went = (isCurrent: boolean) =>
      ["one", "two", "one"].reduce<Parameters<typeof merge>[0]>(
        (document, caption) => merge(document, said(caption, isCurrent)),
        null,
      );
    const words = (isCurrent: boolean) =>
      Object.values(went(isCurrent)?.sources ?? {})
        .flat()
        .flatMap(({ facts }) => facts.caption ?? []);
    expect([words(true), went(true)?.metadata.caption]).toEqual([["two", "one"], "one"]);
    expect([words(false), went(false)?.metadata.caption]).toEqual([["one", "two"], "two"]);
  });

  test("replaces words that differ in counters alone", () => {
    const first = merge(null, found({ facts: {}, raw: { title: "x", imageViews: "3" } }));
    const next = merge(first, found({ facts: {}, raw: { title: "x", imageViews: "9" } }));
    expect(next.sources["google-photos"]).toEqual([
      { id: "one", facts: {}, raw: { title: "x", imageViews: "9" } },
    ]);
  });

  test("unites the albums that equal words were found in", () => {
    const raw = { title: "x" };
    const first = merge(null, found({ facts: { albums: ["Rome"], people: ["Ada"] }, raw }));
    const next = merge(first, found({ facts: { albums: ["Best of"] }, raw }));
    expect(next.sources["google-photos"]).toHaveLength(1);
    expect(next).toMatchObject({ albums: ["Best of", "Rome"], people: ["Ada"] });
  });

  test("is somebody else's only while every instance says so", () => {
    const theirs = merge(null, found({ facts: { ownership: "other" } }));
    expect(theirs.ownership).toBe("other");
    expect(merge(theirs, found({ service: "folder", visibility: "private" })).ownership).toBeUndefined();
  });

  test("keeps what a computation added to its media", () => {
    const hashed = { ...known, media: { ...known.media, perceptual_hash: "f0f0" } };
    expect(merge(hashed, found({ facts: { caption: "Sunset" } }))).toBe(hashed);
  });

  test("services may be called like anything", () => {
    const odd = ["__proto__", "constructor", "toString"].reduce(
      (document, service) => merge(document, found({ service, facts: { tags: [service] } })),
      known,
    );
    expect(odd.metadata.tags).toEqual(["__proto__", "constructor", "toString"]);
    expect(Object.keys(odd.instances)).toContain("__proto__");
  });
});

describe("canonical values", () => {
  const known = mergeAll([found({ facts: { caption: "Sunset" } })]);

  test("that a person typed into the document stay", () => {
    const next = merge(
      editedByHand(known, { caption: "My own words" }),
      found({ facts: { caption: "Sunrise" } }),
    );
    expect(next.metadata.caption).toBe("My own words");
  });

  test("that a person settled are asked again when a source contradicts them since", () => {
    const edited = resolveDocument(editedByHand(known, { caption: "My own words" }), {
      enabledRules: DEFAULT_RULES,
      now: T1,
    }).document;
    expect(merge(edited, found({ facts: { caption: "Sunset" }, url: "https://x.test/1" })).conflicts).toEqual(
      [],
    );
    const next = merge(edited, found({ facts: { caption: "Sunrise" } }));
    expect(next.metadata.caption).toBe("My own words");
    expect(next.processing_state).toBe("discovered");
    expect(next.conflicts).toMatchObject([
      { field: "caption", values: { canonical: "My own words", "google-photos": "Sunrise" } },
    ]);
    expect(resolveDocument(next, { enabledRules: DEFAULT_RULES, now: T2 }).open).toHaveLength(1);
  });

  test("albums that a person added stay, and new ones join them", () => {
    const edited = { ...known, albums: ["By hand"] };
    const next = merge(edited, found({ facts: { caption: "Sunset", albums: ["Trip"] } }));
    expect(next.albums).toEqual(["By hand", "Trip"]);
  });
});
