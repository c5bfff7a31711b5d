import { describe, expect, it } from "vitest";
import { decisionIn } from "../../../../src/domain/settling/decision-entry.js";
import { PHOTO_ID } from "../photo-world.js";

const NOW = "2024-05-01T12:00:00Z";

describe("the time of a decision", () => {
  it.each([
    ["2024-04-30T12:00:00.5Z", "2024-04-30T12:00:00.5Z"],
    [NOW, NOW],
    ["2024-05-01T12:00:01Z", NOW],
    ["9999-12-31T23:59:59Z", NOW],
    ["2023-99-99T99:99:99Z", NOW],
  ])("%s is recorded as %s", (decided_at, recorded) => {
    const read = decisionIn(
      { photo_id: PHOTO_ID, field: "caption", answer: "combine", decided_at },
      null,
      NOW,
    );
    expect(read).toMatchObject({ kind: "decision", decision: { decided_at: recorded } });
  });
});
