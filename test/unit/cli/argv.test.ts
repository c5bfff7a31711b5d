import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { asksForJson, commandFirst } from "../../../src/cli/argv.js";
import { nearest } from "../../../src/cli/nearest.js";

describe("commandFirst", () => {
  it.each([
    [["status"], ["status"]],
    [
      ["--json", "status"],
      ["status", "--json"],
    ],
    [
      ["--library", "/l", "show", "3f"],
      ["show", "3f", "--library", "/l"],
    ],
    [
      ["--library=/l", "discover", "a", "--", "-b"],
      ["discover", "a", "--library=/l", "--", "-b"],
    ],
    [["--json"], ["--json"]],
    [
      ["--library", "/l"],
      ["--library", "/l"],
    ],
    [["--version"], ["--version"]],
    [["-h"], ["--help"]],
    [["help"], ["--help"]],
    [
      ["help", "list"],
      ["list", "--help"],
    ],
    [
      ["list", "-h"],
      ["list", "--help"],
    ],
    [
      ["show", "--", "-h"],
      ["show", "--", "-h"],
    ],
    [[], []],
  ])("%j", (given, expected) => {
    expect(commandFirst(given)).toEqual(expected);
  });

  test.prop([fc.array(fc.constantFrom("--json", "--library", "status", "x", "--", "--quiet"))])(
    "neither adds nor loses a word",
    (argv) => {
      expect(commandFirst(argv).sort()).toEqual([...argv].sort());
    },
  );
});

describe("asksForJson", () => {
  it("looks only before the separator", () => {
    expect(asksForJson(["show", "--json"])).toBe(true);
    expect(asksForJson(["show", "--", "--json"])).toBe(false);
  });
});

describe("nearest", () => {
  it("finds what was meant, and nothing for what is too far off", () => {
    const commands = ["status", "show", "list", "log"];
    expect(nearest("staus", commands)).toBe("status");
    expect(nearest("sattus", commands)).toBe("status");
    expect(nearest("lits", commands)).toBe("list");
    expect(nearest("backup", commands)).toBeNull();
  });
});
