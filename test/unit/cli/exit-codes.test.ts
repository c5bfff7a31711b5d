import { Errors } from "@oclif/core";
import { expect, it } from "vitest";
import { asPhotosyncError, unknownCommand } from "../../../src/cli/as-photosync-error.js";
import { exitCodeOf } from "../../../src/cli/exit-codes.js";
import { PhotosyncError } from "../../../src/domain/errors.js";

it.each([
  ["done", 0],
  ["bug", 1],
  ["user", 2],
  ["partial", 3],
  ["conflict", 10],
  ["auth", 11],
  ["transient", 12],
  ["busy", 13],
  ["integrity", 14],
  ["cancelled", 130],
] as const)("%s ends with %i", (end, code) => {
  expect(exitCodeOf(end)).toBe(code);
});

const nowhere = { command: null, flags: [] };

it("takes photosync's own errors as they are", () => {
  const error = new PhotosyncError({ kind: "busy", code: "library.busy", message: "Busy." });
  expect(asPhotosyncError(error, nowhere)).toBe(error);
});

it("calls what nobody foresaw a defect, and keeps it as the cause", () => {
  const thrown = new TypeError("x is not a function");
  expect(asPhotosyncError(thrown, nowhere)).toMatchObject({
    kind: "bug",
    code: "bug.unexpected",
    cause: thrown,
  });
  expect(asPhotosyncError("a string", nowhere)).toMatchObject({ kind: "bug", message: "a string" });
});

it("calls a module that cannot be loaded a defect, not wrong usage", () => {
  expect(asPhotosyncError(new Errors.ModuleLoadError("no such file"), nowhere)).toMatchObject({
    kind: "bug",
  });
});

it("calls an abort a cancellation", () => {
  const thrown = new DOMException("aborted", "AbortError");
  expect(asPhotosyncError(thrown, nowhere)).toMatchObject({ kind: "cancelled", code: "cancelled" });
});

it("calls a mistake that the parser found wrong usage, and names the flag that was meant", () => {
  const thrown = new Errors.CLIError("Nonexistent flag: --jsno\nSee more help with --help");
  const error = asPhotosyncError(thrown, { command: "list", flags: ["--json", "--limit"] });
  expect(error).toMatchObject({ kind: "user", message: "Nonexistent flag: --jsno" });
  expect(error.next.join()).toContain("--json");
});

it("tells a missing command from an unknown one", () => {
  expect(unknownCommand("staus", ["status"])).toMatchObject({ kind: "user", code: "usage.unknown-command" });
  expect(unknownCommand("staus", ["status"]).next.join()).toContain("photosync status");
  expect(unknownCommand("--json", ["status"])).toMatchObject({ code: "usage.no-command" });
});
