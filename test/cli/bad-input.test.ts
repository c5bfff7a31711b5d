import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { writeZip } from "../fixtures/archive/zip-writer.js";
import { resultErrors } from "../fixtures/result-schema.js";
import { sidecarJson } from "../fixtures/takeout/takeout-builder.js";
import { picture, put, snapshot, tempFolder } from "./files.js";
import { Library } from "./library.js";
import { photosync, start } from "./run-program.js";

const YEAR = "Takeout/Google Photos/Photos from 2023";

it("names each bad file with what to do, and carries on with everything else", async () => {
  const home = await tempFolder();
  const zip = (part: number) => join(home, `takeout-20260601T101112Z-00${part}.zip`);
  const good = async (seed: number) => ({
    name: `${YEAR}/good-${seed}.jpg`,
    bytes: await picture(seed),
    stored: true,
  });
  await writeZip(zip(1), [
    await good(1),
    { name: `${YEAR}/secret.jpg`, bytes: await picture(90), flags: 1 },
    { name: `${YEAR}/good-1.jpg.supplemental-metadata.json`, bytes: Buffer.from('{"title": "good') },
    { name: `${YEAR}/why.xyz`, bytes: Buffer.from("who knows") },
    await good(2),
  ]);
  await writeZip(zip(2), [await good(3), await good(4), await good(5)]);
  await truncate(zip(2), Math.floor(1.5 * (await picture(3)).length));
  await writeFile(zip(3), "<html>Your session has expired</html>");
  const pictures = join(home, "pictures");
  await put(pictures, "good-6.jpg", await picture(6));
  const whole = await picture(7);
  await put(pictures, "cut.jpg", whole.subarray(0, whole.length / 2));
  await put(pictures, "no.jpg", "this is no picture");
  await put(pictures, "empty.jpg", "");
  await put(pictures, "letter.txt", "Dear Ada");
  await put(pictures, "bad.xmp", "<x:xmpmeta");
  await put(pictures, "bad.jpg", await picture(8));
  await symlink(join(pictures, "nowhere.jpg"), join(pictures, "link.jpg"));
  await mkdir(join(pictures, "deep"));
  await symlink("..", join(pictures, "deep", "up"));
  execFileSync("mkfifo", [join(pictures, "pipe.jpg")]);

  const library = await Library.init(join(home, "library"));
  const before = await snapshot(pictures);
  const found = await library.run("discover", zip(3), zip(2), pictures, zip(1));
  expect(found.exit).toBe(3);
  const named = found.failures
    .map(({ subject, code }) => `${subject.replace(`${home}/`, "")} ${code}`)
    .sort();
  expect(named).toEqual([
    "pictures/bad.xmp sidecar.invalid-xmp",
    "pictures/empty.jpg media.unreadable",
    "pictures/link.jpg file.broken-link",
    "pictures/no.jpg media.unreadable",
    "pictures/pipe.jpg file.not-regular",
    `takeout-20260601T101112Z-001.zip#${YEAR}/good-1.jpg.supplemental-metadata.json sidecar.invalid-json`,
    `takeout-20260601T101112Z-001.zip#${YEAR}/secret.jpg archive.encrypted`,
    `takeout-20260601T101112Z-001.zip#${YEAR}/why.xyz takeout.unexplained`,
    "takeout-20260601T101112Z-002.zip archive.truncated",
    "takeout-20260601T101112Z-003.zip takeout.not-an-archive",
  ]);
  expect(found.counts.failed).toBe(found.failures.length);
  const names = [...library.documents().values()].map(({ metadata }) => metadata.filename).sort();
  expect(names).toEqual(["bad.jpg", "cut.jpg", "good-1.jpg", "good-2.jpg", "good-3.jpg", "good-6.jpg"]);
  expect(await snapshot(pictures)).toEqual(before);

  // Each is named again by the next run, though nothing of it is new; a mended part then adds the rest.
  expect((await library.run("discover")).failures).toHaveLength(found.failures.length);
  await writeZip(zip(2), [await good(3), await good(4), await good(5)]);
  // The other parts of the export are read along, and what is wrong with them is said again.
  expect(await library.run("discover", zip(2))).toMatchObject({ exit: 3, counts: { seen: 5, new: 2 } });
  await writeZip(zip(1), [
    await good(1),
    { name: `${YEAR}/good-1.jpg.supplemental-metadata.json`, bytes: sidecarJson({ title: "good-1.jpg" }) },
  ]);
  expect(await library.run("discover", zip(1))).toMatchObject({ exit: 3, counts: { new: 0, updated: 1 } });
  await library.run("resolve");
  // Of good-2 the archive no longer has the bytes; the others are stored all the same.
  const stored = await library.run("replicate", "--execute");
  expect(stored).toMatchObject({ exit: 3, counts: { planned: 8, done: 7 } });
  expect(stored.failures.map(({ message }) => message).join()).toContain("good-2.jpg");
});

it("refuses wrong paths and flags with exit code 2, all problems at once, and changes nothing", async () => {
  const home = await tempFolder();
  const library = await Library.init(join(home, "library"));
  await put(home, "letter.txt", "Dear Ada");
  const refused = await library.run("discover", join(home, "none"), join(home, "letter.txt"));
  expect(refused).toMatchObject({ exit: 2, error: { code: "discover.bad-path" } });
  expect(JSON.stringify(refused.error)).toMatch(/none.*letter\.txt/);
  const wrong = [
    [["discover"], "discover.nothing-to-read"],
    [["discover", home, "--since", "soonish"], "usage.bad-value"],
    [["replicate", "--execute", "--dry-run"], "usage.flags-disagree"],
    [["replicate", "--to", "moon"], "store.unknown"],
    [["show", "zzz"], "photo.unknown"],
    [["undo", "zzz"], "undo.unknown-operation"],
  ] as const;
  const seen = [];
  for (const [[command, ...args]] of wrong) {
    const ended = await photosync([command, ...args, "--json", "--library", library.path]);
    const printed = JSON.parse(ended.stdout);
    expect(resultErrors(command, printed)).toEqual([]);
    seen.push([command, ended.exit, printed.error?.code]);
  }
  expect(seen).toEqual(wrong.map(([[command], code]) => [command, 2, code]));
  expect(library.commits()).toBe(1);
});

it("lets one run at a time write, and takes over from one that was killed", async () => {
  const home = await tempFolder();
  const pictures = join(home, "pictures");
  for (let seed = 0; seed < 40; seed += 1) await put(pictures, `${seed}.jpg`, await picture(seed));
  const library = await Library.init(join(home, "library"));
  const lock = join(library.path, ".photosync", "lock");
  const first = start(["discover", pictures, "--library", library.path]);
  await untilThere(lock);
  first.child.kill("SIGSTOP");
  const second = await photosync(["resolve", "--json", "--library", library.path]);
  expect([second.exit, JSON.parse(second.stdout).error.code]).toEqual([13, "library.locked"]);
  expect((await photosync(["status", "--json", "--library", library.path])).exit).toBe(0);
  first.child.kill("SIGKILL");
  await first.ended;
  expect(await library.run("discover", pictures)).toMatchObject({ exit: 0, counts: { new: 40 } });
});

async function untilThere(path: string): Promise<void> {
  while (!existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 2));
}
