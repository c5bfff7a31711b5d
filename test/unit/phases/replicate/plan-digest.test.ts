import { describe, expect, it } from "vitest";
import { digestOf } from "../../../../src/infra/hash.js";
import { withDigest } from "../../../../src/phases/plan-digest.js";

const step = (id: string) => ({ id, action: "a", photo_id: "p", target: "t", why: "w" });
const plan = { phase: "replicate" as const, base: "b", steps: [step("1"), step("2")], held: [] };

describe("withDigest", () => {
  it("is the same for the same plan, in whatever order its fields were set", () => {
    const turned = { held: [], steps: plan.steps, base: "b", phase: "replicate" as const };
    expect(withDigest(turned, digestOf).digest).toBe(withDigest(plan, digestOf).digest);
  });

  it.each([
    ["base", { ...plan, base: "c" }],
    ["phase", { ...plan, phase: "resolve" as const }],
    ["order of steps", { ...plan, steps: [step("2"), step("1")] }],
    ["a step's words", { ...plan, steps: [step("1"), { ...step("2"), why: "x" }] }],
    ["what is held", { ...plan, held: [{ subject: "s", why: "w" }] }],
  ])("changes with the %s", (_, other) => {
    expect(withDigest(other, digestOf).digest).not.toBe(withDigest(plan, digestOf).digest);
  });
});
