import { describe, expect, test } from "vitest";
import {
  bundleName,
  commitOfBundle,
  isBundleName,
  isBundleOf,
  monthOfBundle,
} from "../../../src/domain/bundle-name.js";

const COMMIT = "1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d";

describe("the name of a bundle", () => {
  test("holds its time and its commit, and sorts by time", () => {
    const name = bundleName("2026-11-22T01:02:03.987Z", COMMIT);
    expect(name).toBe("20261122T010203Z-1a2b3c4d5e6f.bundle");
    expect(name < bundleName("2026-12-01T00:00:00Z", COMMIT)).toBe(true);
    expect(commitOfBundle(name)).toBe("1a2b3c4d5e6f");
    expect(monthOfBundle(name)).toBe("2026-11");
    expect([isBundleOf(name, COMMIT), isBundleOf(name, "2".repeat(40))]).toEqual([true, false]);
  });

  test.each([
    "20261122T010203Z-1a2b3c4d5e6f.bundle.tmp",
    "../20261122T010203Z-1a2b3c4d5e6f.bundle",
    "20261122T010203Z-1A2B3C4D5E6F.bundle",
    "",
  ])("%j is none", (text) => {
    expect(isBundleName(text)).toBe(false);
  });

  test("is not made of anything else", () => {
    expect(() => bundleName("yesterday", COMMIT)).toThrow(RangeError);
    expect(() => bundleName("2026-11-22T01:02:03Z", "HEAD")).toThrow(RangeError);
  });
});
