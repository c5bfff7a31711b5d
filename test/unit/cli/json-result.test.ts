import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { errorObject, jsonPieces, resultObject } from "../../../src/cli/json-result.js";
import { PhotosyncError } from "../../../src/domain/errors.js";
import { COMMANDS_WITH_SCHEMA, resultErrors } from "../../fixtures/result-schema.js";
import { discoverResult, SAMPLES, statusResult } from "./sample-results.js";

const printed = (object: Record<string, unknown>): Record<string, unknown> =>
  JSON.parse([...jsonPieces(object)].join("")) as Record<string, unknown>;

describe("the result as JSON", () => {
  it("begins with the fields that all commands share and has no outcome", () => {
    const keys = Object.keys(printed(resultObject("discover", discoverResult)));
    expect(keys.slice(0, 7)).toEqual(["command", "library", "ok", "dry_run", "commit", "counts", "failures"]);
    expect(keys).not.toContain("outcome");
  });

  it("is ok exactly when the exit code is 0", () => {
    expect(resultObject("status", statusResult)["ok"]).toBe(true);
    expect(resultObject("discover", discoverResult)["ok"]).toBe(false);
  });

  it("has a schema for every command that has a sample, and the sample obeys it", () => {
    expect(COMMANDS_WITH_SCHEMA).toEqual(expect.arrayContaining(Object.keys(SAMPLES)));
    for (const [command, result] of Object.entries(SAMPLES)) {
      expect(resultErrors(command, printed(resultObject(command, result))), command).toEqual([]);
    }
  });

  it("breaks its schema with a field too many, one too few, or another command's name", () => {
    const good = resultObject("status", statusResult);
    const { next: _, ...short } = good;
    expect(resultErrors("status", { ...good, extra: 1 })).not.toEqual([]);
    expect(resultErrors("status", short)).not.toEqual([]);
    expect(resultErrors("status", { ...good, command: "list" })).not.toEqual([]);
  });
});

describe("an error as JSON", () => {
  const error = new PhotosyncError({
    kind: "auth",
    code: "flickr.sign-in",
    message: "Flickr wants a sign-in.",
    next: ["Run `photosync connect flickr`.", "Then run this again."],
    data: { token: "s3cret" },
    cause: new Error("oauth_token=s3cret"),
  });

  it("holds code, message, hint and exit, and nothing that could be a secret", () => {
    const object = printed(errorObject({ command: "discover", library: "/l", dryRun: true }, error));
    expect(object["error"]).toEqual({
      code: "flickr.sign-in",
      message: "Flickr wants a sign-in.",
      hint: "Run `photosync connect flickr`. Then run this again.",
      exit: 11,
    });
    expect(object).toMatchObject({
      command: "discover",
      library: "/l",
      ok: false,
      dry_run: true,
      commit: null,
    });
    expect(JSON.stringify(object)).not.toContain("s3cret");
  });

  it("obeys the schema of every command", () => {
    for (const command of COMMANDS_WITH_SCHEMA) {
      const object = errorObject({ command, library: null, dryRun: false }, error);
      expect(resultErrors(command, printed(object)), command).toEqual([]);
    }
  });
});

describe("printing JSON in pieces", () => {
  test.prop([fc.dictionary(fc.string(), fc.jsonValue())])("says what JSON.stringify says", (object) => {
    const text = [...jsonPieces(object)].join("");
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(object)));
  });

  it("puts each entry of a list on a line of its own", () => {
    expect([...jsonPieces({ a: 1, plan: [{ b: 2 }, { c: "\n" }] })].join("")).toBe(
      '{\n  "a": 1,\n  "plan": [\n    {"b":2},\n    {"c":"\\n"}\n  ]\n}\n',
    );
  });
});
