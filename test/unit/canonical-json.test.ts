import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  canonicalJson,
  compactCanonicalJson,
  compareCodePoints,
  PHOTO_KEY_ORDER,
} from "../../src/domain/canonical-json.js";

/** The same value with every object's keys in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}

// JSON itself has no -0: it reads back as 0.
const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown);

describe("canonicalJson", () => {
  it("reads back as the same value", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(value);
        expect(JSON.parse(canonicalJson(value, PHOTO_KEY_ORDER))).toEqual(value);
        expect(JSON.parse(compactCanonicalJson(value))).toEqual(value);
      }),
    );
  });

  it("does not depend on the order in which keys were set", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
        expect(compactCanonicalJson(reversed(value))).toBe(compactCanonicalJson(value));
      }),
    );
  });

  it("puts each scalar of an array on a line of its own, and ends with a newline", () => {
    expect(canonicalJson({ tags: ["sea", "sun"], none: [], empty: {} })).toBe(
      '{\n  "empty": {},\n  "none": [],\n  "tags": [\n    "sea",\n    "sun"\n  ]\n}\n',
    );
  });

  it("leaves out undefined fields and prints -0 as 0", () => {
    expect(compactCanonicalJson({ a: undefined, b: -0 })).toBe('{"b":0}');
  });

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY], [[undefined]], [1n], [new Map()], [() => 1]])(
    "rejects %s",
    (value) => {
      expect(() => canonicalJson(value)).toThrow(RangeError);
    },
  );

  it("rejects nesting that would exhaust the stack", () => {
    const deep: unknown = JSON.parse(`${"[".repeat(20_000)}${"]".repeat(20_000)}`);
    expect(() => canonicalJson(deep)).toThrow(RangeError);
  });

  it("keeps keys that JavaScript treats specially", () => {
    const value: unknown = JSON.parse('{"__proto__":{"a":1},"10":1,"9":2,"constructor":3}');
    expect(compactCanonicalJson(value)).toBe('{"10":1,"9":2,"__proto__":{"a":1},"constructor":3}');
  });
});

describe("PHOTO_KEY_ORDER", () => {
  const keysOf = (text: string) => Array.from(text.matchAll(/"(\w+)":/g), (match) => match[1]);

  it("puts known keys in the document's order and unknown ones after them", () => {
    const text = canonicalJson(
      {
        zoo: 1,
        updated_at: "u",
        photo_id: "p",
        extra: 2,
        schema_version: 1,
        media: { width: 1, mime_type: "m" },
      },
      PHOTO_KEY_ORDER,
    );
    expect(keysOf(text)).toEqual([
      ...["schema_version", "photo_id", "media", "mime_type", "width", "updated_at", "extra", "zoo"],
    ]);
  });

  it("sorts maps keyed by service and orders the records in them", () => {
    const text = canonicalJson(
      {
        sources: { b: [{ raw: { z: 1, a: 2 }, facts: { tags: [], taken_date: "d" }, id: "i" }], a: [] },
        instances: {
          s: { copies: [{ quality: "high", id: "c" }], locations: [{ entry: "e", path: "p" }], id: "i" },
        },
      },
      PHOTO_KEY_ORDER,
    );
    expect(keysOf(text)).toEqual([
      ...["instances", "s", "id", "locations", "path", "entry", "copies", "id", "quality"],
      ...["sources", "a", "b", "id", "facts", "taken_date", "tags", "raw", "a", "z"],
    ]);
  });
});

describe("compareCodePoints", () => {
  it("agrees with comparing arrays of code points", () => {
    const points = (text: string) => Array.from(text, (character) => character.codePointAt(0) ?? 0);
    const slow = (a: string, b: string) => {
      const [left, right] = [points(a), points(b)];
      for (let at = 0; at < Math.min(left.length, right.length); at++) {
        const gap = (left[at] ?? 0) - (right[at] ?? 0);
        if (gap !== 0) return Math.sign(gap);
      }
      return Math.sign(left.length - right.length);
    };
    const text = fc.string({ unit: fc.constantFrom("a", "\u{e000}", "\u{ffff}", "\u{1f600}", "\u{10ffff}") });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareCodePoints(a, b))).toBe(slow(a, b));
      }),
    );
  });
});
