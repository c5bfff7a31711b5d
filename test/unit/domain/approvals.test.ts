import { describe, expect, it } from "vitest";
import { approvalFor, EVERY_SERVICE, withApproval } from "../../../src/domain/approvals.js";
import { resolveDocument } from "../../../src/domain/resolve.js";
import { DEFAULT_RULES } from "../../../src/domain/rules.js";
import { found, mergeAll, T1, T2 } from "./photo-world.js";

const decision = { approved_by: "Ann", approved_at: T1, reason: "for the club" };
const resolved = (document: ReturnType<typeof mergeAll>) =>
  resolveDocument(document, { enabledRules: DEFAULT_RULES, now: T2 }).document;
const photo = () =>
  resolved(
    mergeAll([
      found({ service: "folder", visibility: "private" }),
      found({ service: "flickr", id: "1", visibility: "private" }),
    ]),
  );

describe("withApproval", () => {
  it("widens the canonical visibility and records who allowed it, when and why", () => {
    const approved = withApproval(photo(), "public", decision);
    expect(approved.visibility.canonical).toBe("public");
    expect(approved.approvals).toEqual([{ service: EVERY_SERVICE, visibility: "public", ...decision }]);
    expect(approved.updated_at).toBe(T1);
  });

  it("stands when it is resolved, though every service still shows the photo narrower", () => {
    const approved = resolved(withApproval(photo(), "friends", decision));
    expect(approved.visibility.canonical).toBe("friends");
  });

  it("changes nothing the second time", () => {
    const once = withApproval(photo(), "public", decision);
    expect(withApproval(once, "public", { ...decision, approved_at: T2 })).toBe(once);
  });

  it("takes an earlier approval back with a narrower one", () => {
    const back = withApproval(withApproval(photo(), "public", decision), "private", decision);
    expect(back.visibility.canonical).toBe("private");
    expect(approvalFor(back.approvals ?? [], "flickr")?.visibility).toBe("private");
    expect(back.approvals).toHaveLength(2);
  });

  it("lists at once the services that show more than is allowed now", () => {
    const shown = mergeAll([found({ service: "flickr", id: "1", visibility: "public" })]);
    const narrowed = withApproval(shown, "private", decision);
    expect(narrowed.visibility.discrepancies).toEqual([
      { service: "flickr", current: "public", canonical: "private" },
    ]);
  });

  it("makes a replicated photo wait for replicate again", () => {
    const replicated = { ...photo(), processing_state: "replicated" as const };
    expect(withApproval(replicated, "public", decision).processing_state).toBe("resolved");
  });
});

describe("approvalFor", () => {
  it("is the last one that names the service or all of them", () => {
    const one = { service: "flickr", visibility: "public" as const, ...decision };
    const all = { service: EVERY_SERVICE, visibility: "friends" as const, ...decision };
    const other = { service: "other", visibility: "private" as const, ...decision };
    expect(approvalFor([one, all, other], "flickr")).toBe(all);
    expect(approvalFor([all, one, other], "flickr")).toBe(one);
    expect(approvalFor([other], "flickr")).toBeUndefined();
  });
});
