import { describe, expect, it } from "vitest";
import { settleShares } from "../../settling/settle-share.js";

describe("differences between three sources", () => {
  it("settle themselves nine times in ten, never wrongly, and never for more eyes than before", () => {
    const { kinds, wrong, widened } = settleShares(1000, 20261121);
    expect(wrong).toEqual([]);
    expect(widened).toBe(0);
    const all = [...kinds.values()];
    const settled = all.reduce((sum, one) => sum + one.settled, 0);
    const asked = all.reduce((sum, one) => sum + one.asked, 0);
    expect(settled / (settled + asked)).toBeGreaterThan(0.9);
    expect(kinds.size).toBeGreaterThan(15);
  });
});
