import { randomBytes } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { jpegFile } from "../fixtures/media/jpeg-file.js";
import { put, tempFolder } from "./files.js";
import { Library } from "./library.js";
import { git, gitFsck, gitStatus, start } from "./run-program.js";

const PHOTOS = 24;
const BYTES = 12_000_000;

/** How many blobs have their names; looked at by name alone, for they appear faster than they could be read. */
const blobsBelow = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".jpg")).length;

it("stops at Ctrl-C with what is finished on record, and goes on from there", async () => {
  const home = await tempFolder();
  for (let number = 0; number < PHOTOS; number += 1)
    await put(join(home, "pictures"), `${number}.jpg`, jpegFile({ trailer: randomBytes(BYTES) }));
  const library = await Library.init(join(home, "library"));
  await library.run("discover", join(home, "pictures"));
  await library.run("resolve");

  const running = start(["replicate", "--execute", "--json", "--library", library.path]);
  const blobs = join(library.path, "blobs");
  while (!existsSync(blobs) || blobsBelow(blobs) < 1) await new Promise((resolve) => setTimeout(resolve, 5));
  running.child.kill("SIGINT");
  const ended = await running.ended;
  expect(ended.exit).toBe(130);
  expect([gitFsck(library.path), gitStatus(library.path)]).toEqual(["", ""]);
  const recorded = [...library.documents().values()].filter(({ replicas }) => "local" in replicas).length;
  expect(recorded).toBeGreaterThan(0);
  expect(recorded).toBeLessThan(PHOTOS);
  expect(git(library.path, "log", "-1", "--format=%s")).toMatch(/^replicate: /);

  expect(await library.run("replicate", "--execute")).toMatchObject({
    exit: 0,
    counts: { planned: PHOTOS - recorded, failed: 0 },
  });
  expect(await library.run("verify", "--deep")).toMatchObject({ exit: 0, counts: { ok: PHOTOS } });
});
