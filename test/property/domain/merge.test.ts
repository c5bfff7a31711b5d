import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import type { PhotoFound, Readings } from "../../../src/domain/finding.js";
import { mergeFinding } from "../../../src/domain/merge.js";
import type { PhotoDocument } from "../../../src/domain/photo.js";
import { contextAt, editedByHand, T0, T1, T2 } from "../../unit/domain/photo-world.js";
import { essence } from "./essence.js";
import { history, readings, shuffledHistory } from "./library-world.js";

const merged = (first: PhotoFound, rest: readonly PhotoFound[], known: Readings): PhotoDocument =>
  rest.reduce(
    (document, finding) => mergeFinding(document, finding, known, contextAt(T1)),
    mergeFinding(null, first, known, contextAt(T0)),
  );

describe("merging", () => {
  test.prop([history, readings])("a finding twice is merging it once", ({ first, rest }, known) => {
    const document = merged(first, rest, known);
    for (const finding of [first, ...rest]) {
      const once = mergeFinding(document, finding, known, contextAt(T1));
      expect(mergeFinding(once, finding, known, contextAt(T2))).toBe(once);
    }
  });

  test.prop([shuffledHistory, readings])(
    "does not depend on the order of findings",
    ({ first, rest, shuffled }, known) => {
      expect(essence(merged(first, shuffled, known))).toEqual(essence(merged(first, rest, known)));
    },
  );

  test.prop([history, readings])("loses nothing that a source said", ({ first, rest }, known) => {
    const document = merged(first, rest, known);
    for (const finding of [first, ...rest]) {
      const records = document.sources[finding.service] ?? [];
      for (const instance of [finding, ...finding.variants].flatMap((one) => one.instances)) {
        if (instance.record === null) continue;
        const { albums = [], people = [], ...facts } = instance.record.facts;
        const words = instance.record.raw["words"];
        const kept = records.find((one) => one.id === instance.id && one.raw["words"] === words);
        expect(kept?.facts).toMatchObject(facts);
        const plain = (names: readonly string[] = []) => names.map((name) => name.normalize("NFC"));
        expect(plain(kept?.facts.albums)).toEqual(expect.arrayContaining(plain(albums)));
        expect(plain(kept?.facts.people)).toEqual(expect.arrayContaining(plain(people)));
      }
    }
  });

  test.prop([history, readings])(
    "never changes what names a photo and its files",
    ({ first, rest }, known) => {
      const before = mergeFinding(null, first, known, contextAt(T0));
      const after = merged(first, rest, known);
      const names = (document: PhotoDocument) => ({
        id: document.photo_id,
        hash: document.content_hash,
        source: document.canonical_source,
        keys: [document.blob_key, ...(document.variants ?? []).map((variant) => variant.blob_key)],
      });
      expect(names(after)).toEqual(names(before));
    },
  );

  test.prop([history, readings])("leaves a person's edits alone", ({ first, rest }, known) => {
    const edits = { caption: "By hand", tags: ["by hand"], taken_date: "2001-01-01T01:01:01", rating: 1 };
    const edited = editedByHand(mergeFinding(null, first, known, contextAt(T0)), edits);
    const after = rest.reduce(
      (document, finding) => mergeFinding(document, finding, known, contextAt(T1)),
      edited,
    );
    expect(after.metadata).toMatchObject(edits);
  });
});
