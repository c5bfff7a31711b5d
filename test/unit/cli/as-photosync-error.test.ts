import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { asPhotosyncError } from "../../../src/cli/as-photosync-error.js";

const context = { command: "discover", flags: [] };
const fileSystemError = (code: string): Error =>
  Object.assign(new Error(`${code}: made to fail`), {
    code,
    errno: -1,
    syscall: "unlink",
    path: "/library/x",
  });

it("takes a disk's error that nobody translated for the disk's, wherever it struck", () => {
  for (const [errno, kind, code] of [
    ["EIO", "transient", "file.io-error"],
    ["ENOSPC", "user", "store.no-space"],
    ["EACCES", "user", "library.read-only"],
    ["EMFILE", "transient", "file.too-many-open"],
  ] as const) {
    const told = asPhotosyncError(fileSystemError(errno), context);
    expect(told).toMatchObject({ kind, code });
    expect(told.message).toContain("/library/x");
    expect(told.next.join("")).not.toBe("");
  }
});

it("takes a file that was counted on and is missing for the defect that it is", () => {
  let missing: unknown;
  try {
    readFileSync("/nonexistent/file");
  } catch (error) {
    missing = error;
  }
  expect(asPhotosyncError(missing, context)).toMatchObject({ kind: "bug", code: "bug.unexpected" });
});
