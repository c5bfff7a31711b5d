import { describe, expect, test } from "vitest";
import { mergeFinding } from "../../../src/domain/merge.js";
import type { Approval, PhotoDocument } from "../../../src/domain/photo.js";
import { threeWay } from "../../../src/domain/three-way.js";
import type { Visibility } from "../../../src/domain/visibility.js";
import {
  contextAt,
  editedByHand,
  found,
  mergeAll,
  readingsOf,
  T1,
  T2,
  undoPhoto,
  variantFound,
} from "./photo-world.js";

const readings = readingsOf(["a", {}], ["b", {}], ["c", {}]);
const merge = (known: PhotoDocument, finding: Parameters<typeof mergeFinding>[1], now = T1) =>
  mergeFinding(known, finding, readings, contextAt(now));
const shown = (
  document: PhotoDocument,
  canonical: Visibility,
  approvals?: readonly Approval[],
): PhotoDocument => ({
  ...document,
  visibility: { ...document.visibility, canonical },
  ...(approvals !== undefined && { approvals }),
});
const approval = (visibility: Visibility): Approval => ({
  service: "flickr",
  visibility,
  approved_by: "Ada",
  approved_at: T1,
  reason: "portfolio",
});

const before = mergeAll([found({ facts: { caption: "Sunset", tags: ["sea"] } })]);
const after = merge(before, found({ service: "flickr", id: "f", facts: { title: "Beach", tags: ["sand"] } }));

describe("taking back one operation", () => {
  test("keeps what happened since", () => {
    const current = merge(
      after,
      found({ facts: { caption: "Sunset", tags: ["sea"] }, variants: [variantFound("raw", { digit: "b" })] }),
      T2,
    );
    const undone = undoPhoto({ before, after, current });
    expect(undone).toMatchObject({
      kind: "document",
      document: {
        metadata: { caption: "Sunset", tags: ["sea"] },
        variants: [{ role: "raw" }],
        processing_state: "discovered",
        updated_at: T2,
      },
    });
    if (undone.kind !== "document") return;
    expect(Object.keys(undone.document.sources).sort()).toEqual(["google-photos", "original"]);
    expect(Object.keys(undone.document.instances)).toEqual(["google-photos"]);
  });

  test("does not call a photo replicated whose later findings are not", () => {
    const found1 = { ...before, processing_state: "replicated" as const };
    const found2 = { ...after, processing_state: "discovered" as const };
    const current = merge(
      found2,
      found({ facts: { caption: "Sunset" }, variants: [variantFound("raw", { digit: "b" })] }),
    );
    const undone = undoPhoto({ before: found1, after: found2, current });
    expect(undone).toMatchObject({ kind: "document", document: { processing_state: "discovered" } });
  });

  test("removes the photo it made, brings back the one it removed", () => {
    expect(undoPhoto({ before: null, after: before, current: before })).toEqual({ kind: "removed" });
    expect(undoPhoto({ before: null, after: before, current: null })).toEqual({ kind: "removed" });
    expect(undoPhoto({ before, after: null, current: null })).toEqual({
      kind: "document",
      document: before,
      keptNarrower: false,
    });
  });

  test("is refused where later changes touch the same places, with the places", () => {
    const edited = editedByHand(before, { caption: "One" });
    const current = editedByHand(edited, { caption: "Two" });
    expect(undoPhoto({ before, after: edited, current })).toEqual({
      kind: "clash",
      paths: ["/metadata/caption"],
    });
    expect(undoPhoto({ before: null, after: before, current: after })).toMatchObject({ kind: "clash" });
    expect(undoPhoto({ before, after, current: null })).toMatchObject({ kind: "clash" });
    expect(undoPhoto({ before, after: null, current: after })).toMatchObject({ kind: "clash" });
  });

  test("never mixes two places into one that nobody named", () => {
    const at = (lat: number, lng: number) => editedByHand(before, { location: { lat, lng } });
    expect(undoPhoto({ before: at(1, 1), after: at(2, 1), current: at(2, 2) })).toMatchObject({
      kind: "clash",
    });
  });
});

describe("taking back never shows a photo to more people", () => {
  test("a narrowing is not undone", () => {
    const wide = shown(before, "public");
    const narrow = shown(before, "private");
    expect(undoPhoto({ before: wide, after: narrow, current: narrow })).toMatchObject({
      kind: "document",
      keptNarrower: true,
      document: {
        visibility: {
          canonical: "private",
          discrepancies: [{ service: "google-photos", current: "unknown", canonical: "private" }],
        },
      },
    });
  });

  test("a widening is, with its approval; older approvals stay", () => {
    const friends = shown(before, "friends", [approval("friends")]);
    const open = shown(before, "public", [approval("friends"), approval("public")]);
    expect(undoPhoto({ before: friends, after: open, current: open })).toEqual({
      kind: "document",
      document: friends,
      keptNarrower: false,
    });
  });

  test("an approval that was withdrawn does not come back", () => {
    const approved = shown(before, "friends", [approval("friends")]);
    const withdrawn = shown(before, "friends");
    const undone = undoPhoto({ before: approved, after: withdrawn, current: withdrawn });
    expect(undone.kind === "document" && undone.document.approvals).toBeUndefined();
  });

  test("a decision that took an approval back stands, so that nothing is approved again", () => {
    const open = shown(before, "public", [approval("public")]);
    const closed = shown(before, "private", [approval("public"), approval("private")]);
    expect(undoPhoto({ before: open, after: closed, current: closed })).toMatchObject({
      kind: "document",
      keptNarrower: true,
      document: { visibility: { canonical: "private" }, approvals: closed.approvals },
    });
  });

  test("what was replicated at another level has to be looked at again, and what services show is listed", () => {
    const on = (document: PhotoDocument, seen: Visibility): PhotoDocument => ({
      ...document,
      visibility: { ...document.visibility, per_service: { flickr: seen }, discrepancies: [] },
    });
    const closed = { ...on(shown(before, "private"), "private"), processing_state: "replicated" as const };
    const open = { ...on(shown(before, "public", [approval("public")]), "private") };
    const carriedOut = { ...on(open, "public"), processing_state: "replicated" as const };
    const undone = undoPhoto({ before: closed, after: open, current: carriedOut });
    expect(undone).toMatchObject({
      kind: "document",
      document: {
        processing_state: "resolved",
        visibility: {
          canonical: "private",
          discrepancies: [{ service: "flickr", current: "public", canonical: "private" }],
        },
      },
    });
    expect(undone.kind === "document" && undone.document.approvals).toBeUndefined();
  });

  test("of three levels the narrowest stays", () => {
    const undone = undoPhoto({
      before: shown(before, "friends"),
      after: shown(before, "public"),
      current: shown(before, "private"),
    });
    expect(undone).toMatchObject({ kind: "document", document: { visibility: { canonical: "private" } } });
  });
});

describe("a three-way merge", () => {
  test("merges objects by key, lists of texts as sets, lists of objects by what names them", () => {
    expect(
      threeWay(
        {
          a: 1,
          tags: ["x", "y"],
          list: [
            { id: "1", n: 1 },
            { id: "2", n: 2 },
          ],
        },
        {
          a: 2,
          tags: ["y", "z"],
          list: [
            { id: "2", n: 2 },
            { id: "1", n: 5 },
          ],
        },
        {
          a: 1,
          b: 3,
          tags: ["w", "x", "y"],
          list: [
            { id: "1", n: 1 },
            { id: "3", n: 3 },
          ],
        },
      ),
    ).toEqual({
      kind: "merged",
      value: {
        a: 2,
        b: 3,
        tags: ["y", "z", "w"],
        list: [
          { id: "1", n: 5 },
          { id: "3", n: 3 },
        ],
      },
    });
  });

  test("lines up several elements of one id in the order in which they were added", () => {
    const [one, two, three] = [1, 2, 3].map((n) => ({ id: "x", n }));
    expect(threeWay([one ?? 0, two ?? 0], [one ?? 0, two ?? 0, three ?? 0], [one ?? 0])).toEqual({
      kind: "merged",
      value: [one, three],
    });
  });

  test("names every place that both changed", () => {
    expect(threeWay({ a: 1, "b/c": 1 }, { a: 2, "b/c": 2 }, { a: 3 })).toEqual({
      kind: "clash",
      paths: ["/a", "/b~1c"],
    });
  });
});
