import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import {
  allowsMore,
  approvalFor,
  approvalsLeft,
  EVERY_SERVICE,
  withApproval,
} from "../../../src/domain/approvals.js";
import type { Approval } from "../../../src/domain/photo.js";
import { isWider, VISIBILITIES } from "../../../src/domain/visibility.js";
import { visibilityChange } from "../../../src/domain/visibility-change.js";
import { found, mergeAll, T1 } from "../../unit/domain/photo-world.js";

const SERVICES = ["flickr", "other", "one to come"];
const level = fc.constantFrom(...VISIBILITIES);
const approval: fc.Arbitrary<Approval> = fc.record({
  service: fc.constantFrom("flickr", "other", EVERY_SERVICE),
  visibility: level,
  approved_by: fc.constant("Ann"),
  approved_at: fc.constant(T1),
  reason: fc.constantFrom("one", "two"),
});
const approvals: fc.Arbitrary<readonly Approval[]> = fc.array(approval, { maxLength: 5 });
const distinct: fc.Arbitrary<readonly Approval[]> = fc.uniqueArray(approval, {
  selector: (one) => JSON.stringify(one),
  maxLength: 5,
});
const approvedFor = (given: readonly Approval[], service: string) =>
  approvalFor(given, service)?.visibility ?? "private";
const photo = mergeAll([found({ service: "flickr", id: "1", visibility: "private" })]);

describe("a decision that nobody was asked about", () => {
  test.prop([level, approvals, level, level])(
    "lets no service be shown more than it could be before",
    (canonical, given, wanted, seen) => {
      const document = {
        ...photo,
        visibility: { ...photo.visibility, canonical },
        approvals: given,
      };
      fc.pre(!allowsMore(document, wanted));
      const decided = withApproval(document, wanted, { approved_by: "Ann", approved_at: T1, reason: "" });
      expect(isWider(decided.visibility.canonical, canonical)).toBe(false);
      for (const service of SERVICES) {
        const after = decided.approvals ?? [];
        const verdict = visibilityChange(service, seen, decided.visibility.canonical, after);
        if (verdict.kind !== "change" || verdict.change.kind !== "widen") continue;
        expect(isWider(verdict.change.to, canonical)).toBe(false);
        expect(isWider(verdict.change.to, approvedFor(given, service))).toBe(false);
      }
    },
  );
});

describe("approvalsLeft", () => {
  test.prop([approvals, approvals])(
    "approves no more than at present, and invents nothing",
    (wanted, present) => {
      const left = approvalsLeft(wanted, present);
      for (const service of SERVICES)
        expect(isWider(approvedFor(left, service), approvedFor(present, service))).toBe(false);
      const rest = [...present];
      for (const one of left) {
        const at = rest.indexOf(one);
        expect(at).toBeGreaterThanOrEqual(0);
        rest.splice(0, at + 1);
      }
      expect(approvalsLeft(present, present)).toEqual(present);
    },
  );

  // Of two equal ones nobody can say which of them is left.
  test.prop([approvals, distinct])("leaves the same the second time", (wanted, present) => {
    const left = approvalsLeft(wanted, present);
    expect(approvalsLeft(left, present)).toEqual(left);
  });
});
