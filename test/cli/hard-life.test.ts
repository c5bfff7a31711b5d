import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { picture, put, tempFolder } from "./files.js";
import { Library } from "./library.js";
import { git, photosync, start } from "./run-program.js";

it("needs nothing in .photosync: what was there is worked out again, and nothing changes by it", async () => {
  const home = await tempFolder();
  const pictures = join(home, "my pictures (2024)");
  for (const seed of [1, 2, 3]) await put(pictures, `été ${seed}.jpg`, await picture(seed));
  const library = await Library.init(join(home, "a library"));
  await library.run("discover", pictures);
  await library.run("resolve");
  await library.run("replicate", "--execute");
  const status = await library.run("status");

  await rm(join(library.path, ".photosync"), { recursive: true });
  expect((await library.run("status")).counts).toEqual(status.counts);
  await writeFile(join(library.path, ".photosync", "index", "index.lmdb"), "no database");
  expect((await library.run("list")).counts.photos).toBe(3);
  expect(await library.run("discover")).toMatchObject({ exit: 0, commit: null, counts: { unchanged: 3 } });
  expect(await library.run("resolve")).toMatchObject({ exit: 0, commit: null });
  expect(await library.run("replicate", "--execute")).toMatchObject({ exit: 0, commit: null });

  // The library moves with everything in it; its own store moves along.
  const moved = new Library(join(home, "elsewhere"));
  await rename(library.path, moved.path);
  expect(await moved.run("verify", "--deep")).toMatchObject({ exit: 0, counts: { checked: 3, ok: 3 } });
  expect(await moved.run("discover", pictures)).toMatchObject({ exit: 0, commit: null });
});

it("reads folders inside the library, and two machines that meet by git merge know every photo", async () => {
  const home = await tempFolder();
  const library = await Library.init(join(home, "library"));
  const inside = join(library.path, "inbox");
  await put(inside, "one.jpg", await picture(1));
  library.ownersChanges = "?? inbox/";
  expect(await library.run("discover", inside)).toMatchObject({ exit: 0, counts: { new: 1 } });

  const other = new Library(join(home, "other"));
  git(home, "clone", "--quiet", library.path, other.path);
  await cp(inside, join(other.path, "inbox"), { recursive: true });
  other.ownersChanges = "?? inbox/";
  expect(await other.run("discover", "--full-scan")).toMatchObject({ exit: 0, commit: null });
  await put(join(home, "pictures"), "two.jpg", await picture(2));
  await other.run("discover", join(home, "pictures"));
  await put(join(home, "more"), "three.jpg", await picture(3));
  await library.run("discover", join(home, "more"));
  git(other.path, "pull", "--quiet", "--no-rebase", "--no-edit", "--strategy-option=ours", "origin", "main");
  expect(await other.run("status")).toMatchObject({ exit: 0, counts: { photos: 3 } });
  expect(await other.run("resolve")).toMatchObject({ exit: 0, counts: { photos: 3 } });
  expect(await other.run("replicate", "--execute")).toMatchObject({ exit: 0, counts: { done: 3 } });
  expect((await other.run("log")).operations[0]).toMatchObject({ command: "replicate" });
});

it("says in text what it says in JSON: results on stdout, failures with what to do on stderr", async () => {
  const home = await tempFolder();
  const library = await Library.init(join(home, "library"));
  await put(join(home, "pictures"), "one.jpg", await picture(1));
  await put(join(home, "pictures"), "empty.jpg", "");
  const at = ["--library", library.path];
  const found = await photosync(["discover", join(home, "pictures"), ...at]);
  expect(found.exit).toBe(3);
  expect(found.stdout).toMatch(/1 new/);
  expect(found.stderr).toMatch(/empty\.jpg[\s\S]*Look for a good copy/);
  const quiet = await photosync(["discover", "--quiet", ...at]);
  expect(quiet.exit).toBe(3);
  expect(quiet.stderr).toContain("empty.jpg");
  const status = await photosync(["status", ...at]);
  expect([status.exit, status.stderr]).toEqual([0, ""]);
  expect(status.stdout).toContain("photosync resolve");
  const wrong = await photosync(["verify", "--store", "moon", ...at]);
  expect([wrong.exit, wrong.stdout]).toEqual([2, ""]);
  expect(wrong.stderr).toContain("moon");
  const none = await photosync(["status", "--library", join(home, "pictures")]);
  expect([none.exit, none.stdout]).toEqual([2, ""]);
  expect(`${found.stdout}${found.stderr}${status.stdout}`).not.toContain("\u001b[");
});

it("refuses a library whose settings hold a secret or are not valid, and says which file", async () => {
  const home = await tempFolder();
  const library = await Library.init(join(home, "library"));
  const path = join(library.path, "config", "user-preferences.json");
  const good = await readFile(path, "utf8");
  library.ownersChanges = " M config/user-preferences.json";
  await writeFile(path, good.replace("{", '{ "secret_access_key": "AKIASECRET",'));
  const secret = await library.run("discover", home);
  expect(secret).toMatchObject({ exit: 2 });
  expect(JSON.stringify(secret)).not.toContain("AKIASECRET");
  await writeFile(path, `${good.slice(0, 40)}`);
  expect(await library.run("status")).toMatchObject({ exit: 2, error: { code: "config.invalid" } });
  await writeFile(path, good);
  library.ownersChanges = "";
  expect(await library.run("status")).toMatchObject({ exit: 0 });
});

it("stops reading at Ctrl-C without a trace in the library, and goes on from there", async () => {
  const home = await tempFolder();
  const pictures = join(home, "pictures");
  await mkdir(pictures);
  for (let seed = 0; seed < 150; seed += 1) await put(pictures, `${seed}.jpg`, await picture(seed % 100));
  const library = await Library.init(join(home, "library"));
  const running = start(["discover", pictures, "--library", library.path]);
  running.child.stderr?.once("data", () => running.child.kill("SIGINT"));
  const ended = await running.ended;
  expect([ended.exit, library.commits()]).toEqual([130, 1]);
  expect(await library.run("discover", pictures)).toMatchObject({
    exit: 0,
    counts: { seen: 150, new: 100, duplicates: 50 },
  });
});
