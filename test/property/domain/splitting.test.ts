import { test } from "@fast-check/vitest";
import fc from "fast-check";
import { describe, expect } from "vitest";
import { isPhotoDocument } from "../../../src/control/records.js";
import { approvalFor, EVERY_SERVICE } from "../../../src/domain/approvals.js";
import { derive, derivedValue } from "../../../src/domain/derive.js";
import { isKeptApart, keptApart } from "../../../src/domain/joining/apart.js";
import { joinPhoto, mayJoin } from "../../../src/domain/joining/join.js";
import { ownersFields } from "../../../src/domain/joining/owners-hand.js";
import { splitVariant } from "../../../src/domain/joining/split.js";
import type { Joined, PhotoDocument, Resolution } from "../../../src/domain/photo.js";
import { resolveDocument } from "../../../src/domain/resolve.js";
import { heldValue, isRuledField, nothingOf, RULED_FIELDS } from "../../../src/domain/ruled-fields.js";
import { DEFAULT_RULES } from "../../../src/domain/rules.js";
import { sameJson } from "../../../src/domain/same-json.js";
import { VISIBILITY_FIELD } from "../../../src/domain/settling/further-questions.js";
import { isWider } from "../../../src/domain/visibility.js";
import { T2 } from "../../unit/domain/photo-world.js";
import { essence } from "./essence.js";
import { belongings, idOf, keeps, plainPhoto, touchedPhoto } from "./joining-world.js";

const joined = (host: PhotoDocument, lone: PhotoDocument, by: Joined["by"] = "person") =>
  joinPhoto(host, lone, { role: "lower-quality", by, reasons: [] }, T2) ??
  expect.unreachable("was kept apart");
const split = (host: PhotoDocument, { content_hash: hash }: PhotoDocument) =>
  splitVariant(host, hash, idOf(hash), T2) ?? expect.unreachable("nothing to split off");
const resolved = (document: PhotoDocument) =>
  resolveDocument(document, { enabledRules: DEFAULT_RULES, now: T2 }).document;

/**
 * Without what rules put on record that the sources alone come to by now: it says nothing more. A difference that a rule had to settle in a part
 * may need no record in the whole, and is then not put on record again.
 */
function withoutRepeats(document: PhotoDocument): PhotoDocument {
  const derived = derive(document);
  const { resolutions = [], ...rest } = document;
  const isRepeat = ({ field, by, value }: Resolution) =>
    by === "rule" && isRuledField(field) && sameJson(value, derivedValue(derived, field) ?? nothingOf(field));
  return { ...rest, resolutions: resolutions.filter((one) => !isRepeat(one)) };
}

/** What a document says once the next resolving is done: times, and what joining may have made narrower, left out. */
function said(document: PhotoDocument) {
  const settled = resolved(withoutRepeats(document));
  const { visibility: _, approvals: __, updated_at, processing_state, resolutions = [], ...rest } = settled;
  const decided = resolutions.filter(({ field }) => field !== VISIBILITY_FIELD);
  return {
    ...rest,
    ...essence(settled),
    decided: decided.map(({ field, by, rule, value }) => [field, by, rule, JSON.stringify(value)]).sort(),
  };
}

const allowed = ({ approvals = [] }: PhotoDocument, service: string) =>
  approvalFor(approvals, service)?.visibility ?? "private";

describe("splitting", () => {
  test.prop([plainPhoto(0), plainPhoto(1), fc.constantFrom("rule" as const, "person" as const)])(
    "takes joining back: both say what they said",
    (host, lone, by) => {
      fc.pre(by === "person" || mayJoin(host, lone) === "yes");
      const { host: left, apart } = split(joined(host, lone, by), lone);
      expect(said(left)).toEqual(said(host));
      expect(said(apart)).toEqual(said(lone));
      expect([belongings(left), belongings(apart)]).toEqual([belongings(host), belongings(lone)]);
      expect([isPhotoDocument(left), isPhotoDocument(apart)]).toEqual([true, true]);
    },
  );

  test.prop([plainPhoto(0), plainPhoto(1), plainPhoto(2)])(
    "gives back what a photo had taken in before it joined another, whichever is split off first",
    (host, second, third) => {
      const pair = joined(second, third);
      const all = joined(host, pair);
      const whole = split(all, second);
      expect(said(whole.host)).toEqual(said(host));
      expect(said(whole.apart)).toEqual(said(pair));
      const outer = split(all, third);
      expect(said(outer.apart)).toEqual(said(third));
      const inner = split(outer.host, second);
      expect([said(inner.host), said(inner.apart)]).toEqual([said(host), said(second)]);
    },
  );

  test.prop([touchedPhoto(0), touchedPhoto(1)])("leaves each photo what its owner decided", (host, lone) => {
    const { host: left, apart } = split(joined(host, lone), lone);
    for (const [before, after] of [
      [host, left],
      [lone, apart],
    ] as const) {
      const owners = ownersFields(before, derive(before));
      for (const field of owners)
        expect(keeps(heldValue(after, field) ?? [], heldValue(before, field) ?? [])).toBe(true);
      for (const field of RULED_FIELDS)
        if (!owners.includes(field)) expect(ownersFields(after, derive(after))).not.toContain(field);
    }
  });

  test.prop([touchedPhoto(0), touchedPhoto(1)])("loses nothing of the one photo", (host, lone) => {
    const both = joined(host, lone);
    const { host: left, apart } = split(both, lone);
    const held = [...new Set([...belongings(left), ...belongings(apart)])].sort();
    expect(held).toEqual(belongings(both));
    expect([isPhotoDocument(left), isPhotoDocument(apart)]).toEqual([true, true]);
  });

  test.prop([touchedPhoto(0), touchedPhoto(1)])("shows neither to anybody new", (host, lone) => {
    const both = joined(host, lone);
    const { host: left, apart } = split(both, lone);
    for (const after of [left, apart, resolved(left), resolved(apart)]) {
      expect(isWider(after.visibility.canonical, both.visibility.canonical)).toBe(false);
      for (const service of [EVERY_SERVICE, "flickr", "folder", "google-photos", "yet-to-come"])
        expect(isWider(allowed(after, service), allowed(both, service))).toBe(false);
    }
  });

  test.prop([touchedPhoto(0), touchedPhoto(1)])(
    "for good: what is kept apart is never joined",
    (host, lone) => {
      const { host: left, apart } = split(joined(host, lone), lone);
      const [one, other] = [keptApart(left, apart.content_hash, T2), keptApart(apart, left.content_hash, T2)];
      expect(keptApart(one, apart.content_hash, "2030-01-01T00:00:00Z")).toBe(one);
      expect([isKeptApart(resolved(one), apart.content_hash), isKeptApart(other, left.content_hash)]).toEqual(
        [true, true],
      );
      expect([mayJoin(one, apart), mayJoin(left, other), mayJoin(resolved(other), one)]).toEqual([
        "never",
        "never",
        "never",
      ]);
      expect(joinPhoto(one, apart, { role: "other", by: "person", reasons: [] }, T2)).toBeNull();
      expect(isPhotoDocument(one)).toBe(true);
    },
  );
});
