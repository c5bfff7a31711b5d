import { describe, expect, it } from "vitest";
import { plainFlags } from "../../../src/cli/plain-flags.js";

const OFF = { progress: "auto", json: false, quiet: false, verbose: false, "no-color": false };

describe("plainFlags", () => {
  it("reads the global flags, in any order", () => {
    expect(plainFlags([], {})).toEqual(OFF);
    expect(plainFlags(["--no-input", "--json", "--library", "a b", "--no-color"], {})).toEqual({
      ...OFF,
      json: true,
      "no-color": true,
      library: "a b",
    });
    expect(plainFlags(["--library=x=y"], {})).toEqual({ ...OFF, library: "x=y" });
  });

  it("takes the library from the environment where no word names it", () => {
    const env = { PHOTOSYNC_LIBRARY: "/there" };
    expect(plainFlags(["--quiet"], env)).toEqual({ ...OFF, quiet: true, library: "/there" });
    expect(plainFlags(["--library", "here"], env)).toEqual({ ...OFF, library: "here" });
    expect(plainFlags([], { PHOTOSYNC_LIBRARY: "" })).toEqual(OFF);
  });

  it.each([
    [["--jsno"]],
    [["--help"]],
    [["-h"]],
    [["--"]],
    [["word"]],
    [["--json=true"]],
    [["--no-json"]],
    [["--json", "--json"]],
    [["--library"]],
    [["--library", ""]],
    [["--library="]],
    [["--library", "--json"]],
    [["--library", "-"]],
    [["--library", "a", "--library=b"]],
  ])("leaves %j to oclif", (words) => {
    expect(plainFlags(words, {})).toBeNull();
  });
});
