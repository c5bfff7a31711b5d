import { describe, expect, it } from "vitest";
import {
  allowsMore,
  approvalFor,
  approvalsLeft,
  EVERY_SERVICE,
  withApproval,
} from "../../../src/domain/approvals.js";
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

const given = (service: string, visibility: "private" | "friends" | "public", approved_at = T1) => ({
  service,
  visibility,
  ...decision,
  approved_at,
});

describe("allowsMore", () => {
  const open = withApproval(photo(), "public", decision);

  it("is so for what is wider than the canonical level, and never for private", () => {
    expect(allowsMore(photo(), "friends")).toBe(true);
    expect(allowsMore(photo(), "private")).toBe(false);
    expect(allowsMore(open, "private")).toBe(false);
  });

  it("is not so for a level within what is approved everywhere", () => {
    expect(allowsMore(open, "friends")).toBe(false);
    expect(allowsMore(open, "public")).toBe(false);
  });

  it("is so where a level was only written by hand, since services may follow an approval and not that", () => {
    const edited = { ...photo(), visibility: { ...photo().visibility, canonical: "public" as const } };
    expect(allowsMore(edited, "friends")).toBe(true);
  });

  it("is so where only one service was approved, or one was taken back", () => {
    const { visibility } = open;
    expect(allowsMore({ visibility, approvals: [given("flickr", "public")] }, "public")).toBe(true);
    const back = [given(EVERY_SERVICE, "public"), given("flickr", "private")];
    expect(allowsMore({ visibility, approvals: back }, "friends")).toBe(true);
  });
});

describe("approvalsLeft", () => {
  const [wide, narrow, middle] = [given("*", "public"), given("*", "private"), given("*", "friends")];

  it("leaves what is wanted, in its order, and adds nothing", () => {
    expect(approvalsLeft([middle, wide], [wide, middle])).toEqual([wide, middle]);
    expect(approvalsLeft([wide, middle], [middle])).toEqual([middle]);
    expect(approvalsLeft([], [wide])).toEqual([]);
  });

  it("leaves one that takes an earlier one back, as long as that one stands", () => {
    expect(approvalsLeft([wide], [wide, narrow])).toEqual([wide, narrow]);
    expect(approvalsLeft([], [wide, narrow])).toEqual([]);
    expect(approvalsLeft([wide], [wide, given("flickr", "friends")])).toHaveLength(2);
    const onFlickr = given("flickr", "public");
    expect(approvalsLeft([onFlickr], [onFlickr, narrow])).toEqual([onFlickr, narrow]);
  });

  it("tells two equal ones apart by their turn", () => {
    expect(approvalsLeft([wide, narrow], [wide, narrow, wide])).toEqual([wide, narrow]);
  });
});
