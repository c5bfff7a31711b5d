import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { findLibrary } from "../../../src/cli/find-library.js";

let root: string;

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "find-library-")));
  await mkdir(join(root, "library", "config"), { recursive: true });
  await writeFile(join(root, "library", "config", "services.json"), "{}\n");
  await mkdir(join(root, "library", "photos", "2024"), { recursive: true });
});

afterEach(() => rm(root, { recursive: true }));

it("finds the folder itself", async () => {
  expect(await findLibrary(undefined, join(root, "library"))).toBe(join(root, "library"));
});

it("finds the nearest one above", async () => {
  expect(await findLibrary(undefined, join(root, "library", "photos", "2024"))).toBe(join(root, "library"));
});

it("takes the one that is given, reckoned from where the command runs", async () => {
  expect(await findLibrary("elsewhere", root)).toBe(join(root, "elsewhere"));
  expect(await findLibrary(join(root, "library"), "/")).toBe(join(root, "library"));
});

it("says so when there is none", async () => {
  await expect(findLibrary(undefined, root)).rejects.toMatchObject({
    kind: "user",
    code: "library.not-found",
  });
  await expect(findLibrary("", root)).rejects.toMatchObject({ code: "library.not-found" });
});

it("does not say that there is none where the disk kept it from looking", async () => {
  const place = join(root, "library", "config", "services.json");
  await rm(place);
  await symlink("services.json", place);
  await expect(findLibrary(undefined, join(root, "library", "photos"))).rejects.toMatchObject({
    code: "file.io-error",
    data: { errno: "ELOOP", path: place },
  });
});
