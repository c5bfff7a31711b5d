import { describe, expect, test } from "vitest";
import { clockFrom, systemClock } from "../../src/infra/clock.js";

const RFC3339_SECONDS = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

describe("clockFrom", () => {
  test("stands still at SOURCE_DATE_EPOCH", () => {
    expect(clockFrom({ SOURCE_DATE_EPOCH: "1705314600" }).now()).toBe("2024-01-15T10:30:00Z");
    expect(clockFrom({ SOURCE_DATE_EPOCH: "0" }).now()).toBe("1970-01-01T00:00:00Z");
    expect(clockFrom({ SOURCE_DATE_EPOCH: "253402300799" }).now()).toBe("9999-12-31T23:59:59Z");
  });

  test.each([undefined, "", "soon", "1.5", "-1", "1e9", "253402300800", "9999999999999"])(
    "goes on with the computer's clock at %s",
    (text) => {
      expect(clockFrom(text === undefined ? {} : { SOURCE_DATE_EPOCH: text })).toBe(systemClock);
    },
  );

  test("the computer's clock tells UTC to the second", () => {
    expect(systemClock.now()).toMatch(RFC3339_SECONDS);
  });
});
