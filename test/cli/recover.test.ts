import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { resultErrors } from "../fixtures/result-schema.js";
import { blobsIn, picture, put, tempFolder } from "./files.js";
import { Library } from "./library.js";
import { git, photosync } from "./run-program.js";

it("brings a library back from a folder of blobs alone, and refuses what is in the way", async () => {
  const home = await tempFolder();
  const environment = { HOME: join(home, "user"), PHOTOSYNC_KEYCHAIN: "off" };
  for (const seed of [1, 2]) await put(join(home, "pictures"), `${seed}.jpg`, await picture(seed));
  const library = await Library.init(join(home, "library"), environment);
  await library.run("discover", join(home, "pictures"));
  await library.run("resolve");
  expect((await library.run("replicate")).bundles).toMatchObject([{ store: "local", outcome: "planned" }]);
  expect((await library.run("replicate", "--execute")).bundles).toMatchObject([{ outcome: "sent" }]);
  expect((await library.run("replicate", "--execute")).bundles).toEqual([]);
  const head = git(library.path, "rev-parse", "HEAD").trim();
  const blobs = await blobsIn(join(library.path, "blobs"));
  git(library.path, "clone", "--quiet", await newest(join(library.path, "blobs")), join(home, "clone"));
  expect(git(join(home, "clone"), "rev-parse", "HEAD").trim()).toBe(head);

  const back = join(home, "back");
  const recover = async (...words: string[]) => {
    const { exit, stdout } = await photosync(["recover", ...words, "--json"], environment);
    const printed = JSON.parse(stdout);
    expect(resultErrors("recover", printed)).toEqual([]);
    return { exit, ...printed };
  };
  await mkdir(back);
  await writeFile(join(back, "diary.txt"), "mine");
  const from = join(library.path, "blobs");
  expect(await recover(from, back)).toMatchObject({ exit: 2, error: { code: "recover.not-empty" } });
  expect(await recover(from)).toMatchObject({ exit: 2, error: { code: "usage.missing-argument" } });
  expect(await recover(home, "--list")).toMatchObject({ exit: 2, error: { code: "recover.no-store" } });
  await rm(join(back, "diary.txt"));
  const listed = await recover(from, "--list");
  expect(listed).toMatchObject({ exit: 0, generations: [{ commit: head.slice(0, 12) }] });
  // The store lay in the library itself, which is another one now: its place is recorded.
  const done = await recover(from, back);
  expect(done).toMatchObject({ exit: 0, counts: { photos: 2 }, commit: expect.any(String) });
  const recovered = new Library(back, environment);
  expect(git(back, "rev-parse", "HEAD~1").trim()).toBe(head);
  expect(await recovered.run("verify", "--deep")).toMatchObject({ exit: 0, counts: { checked: 2, ok: 2 } });
  expect(await blobsIn(from)).toEqual(blobs);
});

async function newest(store: string): Promise<string> {
  const names = (await readdir(join(store, "library"))).sort();
  return join(store, "library", names.at(-1) ?? "");
}
