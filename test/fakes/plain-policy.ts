import type { Policy } from "../../src/ports/policy.js";

/** A policy that sends every request once and at once. */
export const plainPolicy: Policy = {
  run: (_attempted, task, call) => task(call, 1),
  quota: () => null,
};
