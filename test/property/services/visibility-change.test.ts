import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { EVERY_SERVICE } from "../../../src/domain/approvals.js";
import type { Approval } from "../../../src/domain/photo.js";
import { isWider, type SeenVisibility, VISIBILITIES, whenAuditing } from "../../../src/domain/visibility.js";
import { visibilityChange } from "../../../src/domain/visibility-change.js";
import { T1 } from "../../unit/domain/photo-world.js";

const level = fc.constantFrom(...VISIBILITIES);
const seen = fc.constantFrom<SeenVisibility>(...VISIBILITIES, "unknown");
const approvals: fc.Arbitrary<readonly Approval[]> = fc.array(
  fc.record({
    service: fc.constantFrom("flickr", "other", EVERY_SERVICE),
    visibility: level,
    approved_by: fc.constant("Ann"),
    approved_at: fc.constant(T1),
    reason: fc.constant("because"),
  }),
  { maxLength: 4 },
);

describe("visibilityChange", () => {
  test.prop([seen, level, approvals])(
    "shows nobody more than the last approval allows",
    (from, to, given) => {
      const verdict = visibilityChange("flickr", from, to, given);
      if (verdict.kind !== "change" || !isWider(verdict.change.to, whenAuditing(from))) return;
      const last = given.findLast(({ service }) => service !== "other");
      expect(last).toBeDefined();
      expect(isWider(verdict.change.to, last?.visibility ?? "private")).toBe(false);
      expect(from).not.toBe("unknown");
    },
  );

  test.prop([seen, level, approvals])("narrows all that too many may see", (from, to, given) => {
    if (!isWider(whenAuditing(from), to)) return;
    expect(visibilityChange("flickr", from, to, given)).toMatchObject({
      kind: "change",
      change: { kind: "narrow", from, to: from === "unknown" ? "private" : to },
    });
  });

  test.prop([fc.constantFrom(...VISIBILITIES), level, approvals])(
    "is settled once done",
    (from, to, given) => {
      const verdict = visibilityChange("flickr", from, to, given);
      const after = verdict.kind === "change" ? verdict.change.to : from;
      const again = visibilityChange("flickr", after, to, given);
      expect(again.kind).toBe(verdict.kind === "change" ? "same" : verdict.kind);
    },
  );
});
