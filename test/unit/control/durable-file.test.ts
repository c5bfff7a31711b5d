import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fileError, isTempName, tempPathFor, writeFileDurably } from "../../../src/infra/durable-file.js";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "photosync-file-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

it("writes bytes, replacing what was there and leaving nothing beside it", async () => {
  const path = join(dir, "a.json");
  await writeFileDurably(path, Buffer.from("one"));
  expect(readFileSync(path, "utf8")).toBe("one");
  await writeFileDurably(path, Buffer.from("two parts"));
  expect(readFileSync(path, "utf8")).toBe("two parts");
  expect(readdirSync(dir)).toEqual(["a.json"]);
});

it("says which file could not be written, and why", async () => {
  const path = join(dir, "none", "a.json");
  await expect(writeFileDurably(path, Buffer.from("x"))).rejects.toMatchObject({
    code: "file.not-found",
    data: { path },
  });
});

it.each([
  ["ENOSPC", "store.no-space", "user"],
  ["EDQUOT", "store.no-space", "user"],
  ["EROFS", "library.read-only", "user"],
  ["EACCES", "library.read-only", "user"],
  ["ENAMETOOLONG", "file.name-too-long", "user"],
  ["EMFILE", "file.too-many-open", "transient"],
  ["EIO", "file.io-error", "transient"],
  ["EWHATEVER", "file.io-error", "transient"],
])("turns %s into %s", (errno, code, kind) => {
  const error = Object.assign(new Error("x"), { code: errno, syscall: "write" });
  expect(fileError(error, "a", "write")).toMatchObject({ code, kind, next: [expect.any(String)] });
});

it("leaves other errors as they are", () => {
  const error = new TypeError("a defect");
  expect(fileError(error, "a", "write")).toBe(error);
});

it("knows its own temporary names", () => {
  const name = tempPathFor("/x/a.json").slice("/x/".length);
  expect(isTempName(name)).toBe(true);
  expect(["a.json", ".a.photosync-tmp", "a.json.0123456789ab.photosync-tmp"].some(isTempName)).toBe(false);
});
