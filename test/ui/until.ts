import { vi } from "vitest";

/** Waits until the check throws nothing: as short as can be, and longer than the slowest machine takes to draw. */
export const until = (check: () => unknown): Promise<unknown> =>
  vi.waitFor(check, { timeout: 15_000, interval: 5 });
