import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { contentHash } from "../../../../src/domain/ids.js";
import { keptUploadNotes } from "../../../../src/services/google-photos/kept-upload-notes.js";

const hash = contentHash("a".repeat(64));
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "notes-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("a note is there for the next run, and only for its owner", async () => {
  const inner = join(folder, "uploads");
  const note = { kind: "begun", url: "https://example.org/upload?id=1", at: "2026-11-21T10:00:00Z" } as const;
  await keptUploadNotes(inner).write(hash, note);
  expect(await keptUploadNotes(inner).read(hash)).toEqual(note);
  const [name = ""] = await readdir(inner);
  if (process.platform !== "win32") expect((await stat(join(inner, name))).mode & 0o777).toBe(0o600);
  await keptUploadNotes(inner).forget(hash);
  await keptUploadNotes(inner).forget(hash);
  expect(await keptUploadNotes(inner).read(hash)).toBeNull();
});

test.each([
  ["cut short", '{"kind":"sent","tok'],
  ["of another kind", '{"kind":"other","at":"2026-11-21T10:00:00Z"}'],
  ["without a time", '{"kind":"sent","token":"t"}'],
  ["without an address", '{"kind":"begun","url":"x","at":"2026-11-21T10:00:00Z"}'],
])("a note that is %s is none", async (_, words) => {
  await writeFile(join(folder, `${hash}.json`), words);
  expect(await keptUploadNotes(folder).read(hash)).toBeNull();
});
