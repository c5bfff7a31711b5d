import { describe, expect, it } from "vitest";
import { compareCaptureTimes, isOnlyDay } from "../../../../src/domain/identity/capture-time.js";

const relation = (a: string, b: string) => compareCaptureTimes(a, b).relation;

describe("capture times", () => {
  it.each([
    ["2023-05-01T10:20:30.45", "2023-05-01T10:20:30.456", "moment"],
    ["2023-05-01T10:20:30.45", "2023-05-01T08:20:30.45Z", "zone"],
    ["2023-05-01T10:20:30.45+02:00", "2023-05-01T08:20:30.45Z", "moment"],
    ["2023-05-01T10:20:30.45", "2023-05-01T10:20:30.46", "close"],
    ["2023-05-01T10:20:30.4", "2023-05-01T10:20:30.4", "second"],
    ["2023-05-01T10:20:30.00", "2023-05-01T10:20:30.45", "second"],
    ["2023-05-01T10:20:30", "2023-05-01T10:20:30", "second"],
    ["2023-05-01T10:20:30", "2023-05-01T15:50:30Z", "zone"],
    ["2023-05-01T10:20:30.12", "2023-05-01T15:50:30.88Z", "apart"],
    ["2023-05-01T10:20:30", "2023-05-01T10:20:31", "close"],
    ["2023-05-01T10:20:30", "2023-05-01T15:50:31Z", "apart"],
    ["2023-05-01T10:20:30", "2023-05-02T10:20:30", "apart"],
    ["2023-05-01T10:20:30", "2023-05-01T00:00:00", "unknown"],
  ])("%s and %s: %s", (a, b, expected) => {
    expect(relation(a, b)).toBe(expected);
    expect(relation(b, a)).toBe(expected);
  });

  it("takes midnight to the second, and the first day of a camera's clock, for no time", () => {
    expect(isOnlyDay("2023-05-01T00:00:00")).toBe(true);
    expect(isOnlyDay("2000-01-01T13:02:11")).toBe(true);
    expect(isOnlyDay("2023-05-01T00:00:01")).toBe(false);
    expect(compareCaptureTimes(undefined, "2023-05-01T10:20:30").relation).toBe("unknown");
  });
});
