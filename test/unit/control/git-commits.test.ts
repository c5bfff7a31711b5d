import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { call, commitOk, drop, makeWorld, put, runGit, type World } from "./native-git.js";

// Every test starts the git program many times.
vi.setConfig({ testTimeout: 60_000 });

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});
// Removing thousands of files takes its time on a busy disk.
afterEach(() => world.end(), 60_000);

const documents = (count: number, version = 0) =>
  Array.from({ length: count }, (_, at) =>
    put(`photos/20${10 + (at % 7)}/0${1 + (at % 9)}/photo-${at}.json`, `{"id": ${at}, "v": ${version}}\n`),
  );

const expectSound = () => {
  expect(world.git("status", "--porcelain")).toBe("");
  expect(world.git("fsck", "--strict", "--full")).toBe("");
};

it("makes commits that native Git finds whole, clean and clonable", async () => {
  await commitOk(
    world.plane,
    [put("README.md", "hello\n"), put("photos/2024/01/a.json", "{}\n")],
    "init: a library",
  );
  await commitOk(
    world.plane,
    [put("photos/2024/01/b.json", "{}\n"), drop("README.md")],
    "discover: 1 photo\n\nFrom: card",
  );
  expectSound();
  expect(world.git("log", "--format=%s|%an|%ae|%P").split("\n")[0]).toMatch(
    /^discover: 1 photo\|Owner\|owner@example.org\|[0-9a-f]{40}$/,
  );
  expect(world.git("reflog", "--format=%gs").trim().split("\n")).toEqual([
    "commit: discover: 1 photo",
    "commit: init: a library",
  ]);
  const clone = join(mkdtempSync(join(tmpdir(), "photosync-clone-")), "copy");
  runGit(world.dir, ["clone", "-q", world.dir, clone]);
  expect(runGit(clone, ["ls-files"])).toBe("photos/2024/01/a.json\nphotos/2024/01/b.json\n");
});

it("writes a bulk as one valid pack, and small changes, removals and another bulk on top", async () => {
  await commitOk(world.plane, documents(6000));
  expect(world.git("count-objects", "-v")).toMatch(/^packs: 1$/m);
  const packDir = join(world.dir, ".git", "objects", "pack");
  const indexes = readdirSync(packDir).filter((name) => name.endsWith(".idx"));
  world.git("verify-pack", ...indexes.map((name) => join(packDir, name)));
  expectSound();
  await commitOk(world.plane, documents(20, 1));
  await commitOk(
    world.plane,
    documents(100).map((edit) => drop(edit.path)),
  );
  await commitOk(world.plane, documents(1000, 2));
  expectSound();
  expect(world.git("ls-files").trim().split("\n")).toHaveLength(6000);
});

it("reads what `git gc` made of the objects: deltas, packed refs, no loose files", async () => {
  const long = (version: number) => put("photos/long.json", `${"a line of text\n".repeat(200)}${version}\n`);
  for (let version = 0; version < 12; version++)
    await commitOk(world.plane, [long(version), ...documents(30, version)]);
  world.git("gc", "-q", "--aggressive", "--prune=now");
  world.git("pack-refs", "--all");
  for (const plane of [world.plane, await world.reopen()]) {
    let version = 12;
    for await (const { revision } of plane.history(await plane.head(), call)) {
      const bytes = await plane.readFile(revision, "photos/long.json");
      version--;
      expect(Buffer.from(bytes ?? []).toString("utf8")).toBe(
        Buffer.from(long(version).bytes ?? []).toString("utf8"),
      );
    }
    expect(version).toBe(0);
  }
  await commitOk(world.plane, [put("after-gc.json", "1")]);
  expectSound();
});

it("neither commits nor loses what the owner has staged, edited or left untracked", async () => {
  await commitOk(world.plane, [put("a.md", "1\n"), put("b.md", "1\n"), put("photos/p.json", "1\n")]);
  const write = (path: string, text: string) => writeFileSync(join(world.dir, path), text);
  write("a.md", "staged\n");
  write("new.md", "staged too\n");
  world.git("add", "a.md", "new.md");
  write("b.md", "edited\n");
  write("loose.md", "untracked\n");
  await commitOk(world.plane, [put("photos/p.json", "2\n"), put("photos/q.json", "1\n")]);
  expect(world.git("status", "--porcelain")).toBe("M  a.md\n M b.md\nA  new.md\n?? loose.md\n");
  expect(world.git("show", "--name-only", "--format=", "HEAD")).toBe("photos/p.json\nphotos/q.json\n");
  expect(world.git("show", ":a.md")).toBe("staged\n");
});

it("takes a staged change of an edited path for the owner's edit, even when the file looks untouched", async () => {
  const base = await commitOk(world.plane, [put("a.json", "1\n")]);
  writeFileSync(join(world.dir, "a.json"), "staged\n");
  world.git("add", "a.json");
  writeFileSync(join(world.dir, "a.json"), "1\n");
  expect(await world.plane.commit(base, [put("a.json", "2\n")], "x", call)).toEqual({
    kind: "diverged",
    paths: ["a.json"],
  });
  world.git("rm", "-q", "--cached", "-f", "a.json");
  expect(await world.plane.commit(base, [put("a.json", "2\n")], "x", call)).toMatchObject({
    kind: "diverged",
  });
});

it("tells of what is staged where the working file is as it was, in one file and in all", async () => {
  const base = await commitOk(world.plane, [put("p/a", "1\n"), put("p/b", "1\n"), put("p/c", "1\n")]);
  const paths = ["p/a", "p/b", "p/c", "p/new"];
  writeFileSync(join(world.dir, "p/a"), "staged\n");
  writeFileSync(join(world.dir, "p/new"), "staged\n");
  world.git("add", "p/a", "p/new");
  writeFileSync(join(world.dir, "p/a"), "1\n");
  rmSync(join(world.dir, "p/new"));
  world.git("rm", "-q", "--cached", "p/b");
  const states = await world.plane.workingState(paths);
  expect([...states.values()]).toEqual(["edited", "edited", "clean", "edited"]);
  expect(await world.plane.uncommitted(["p"], call)).toEqual([
    { path: "p/a", state: "edited" },
    { path: "p/b", state: "edited" },
  ]);
  const edits = paths.map((path) => put(path, "2\n"));
  expect(await world.plane.commit(base, edits, "x", call)).toEqual({
    kind: "diverged",
    paths: ["p/a", "p/b", "p/new"],
  });
});

it("sees an edit of the same length made within the tick of the clock of the last commit", async () => {
  for (let round = 0; round < 8; round++) {
    const base = await commitOk(world.plane, [put("a.json", `round ${round + 10}\n`)]);
    writeFileSync(join(world.dir, "a.json"), `mine! ${round + 10}\n`);
    expect(await world.plane.commit(base, [put("a.json", "next\n")], "x", call)).toMatchObject({
      kind: "diverged",
    });
    expect(world.git("status", "--porcelain")).toBe(" M a.json\n");
    world.git("checkout", "--", "a.json");
  }
});

it("writes nothing through a linked folder", async () => {
  const outside = mkdtempSync(join(tmpdir(), "photosync-outside-"));
  symlinkSync(outside, join(world.dir, "photos"));
  const outcome = await world.plane.commit(await world.plane.head(), [put("photos/a.json", "1")], "x", call);
  expect(outcome).toEqual({ kind: "diverged", paths: ["photos/a.json"] });
  rmSync(outside, { recursive: true });
});

it("keeps file modes and the owner's permissions", async () => {
  await commitOk(world.plane, [put("run.sh", "1\n"), put("secret.json", "1\n")]);
  chmodSync(join(world.dir, "run.sh"), 0o755);
  chmodSync(join(world.dir, "secret.json"), 0o600);
  world.git("commit", "-qam", "executable");
  await commitOk(world.plane, [put("run.sh", "2\n"), put("secret.json", "2\n")]);
  expect(world.git("ls-files", "-s", "run.sh")).toMatch(/^100755 /);
  expect(statSync(join(world.dir, "run.sh")).mode & 0o777).toBe(0o755);
  expect(statSync(join(world.dir, "secret.json")).mode & 0o777).toBe(0o600);
  expectSound();
});

it("refuses a file where a folder stands and the reverse", async () => {
  const base = await commitOk(world.plane, [put("a/b.json", "1"), put("c", "1")]);
  rmSync(join(world.dir, "a"), { recursive: true });
  await expect(world.plane.commit(base, [put("c/d.json", "1")], "x", call)).resolves.toMatchObject({
    kind: "diverged",
  });
  await expect(world.plane.commit(base, [put("a", "1")], "x", call)).resolves.toMatchObject({
    kind: "diverged",
  });
  world.git("checkout", "--", ".");
  await commitOk(world.plane, [drop("a/b.json"), drop("c")]);
  await commitOk(world.plane, [put("a", "now a file"), put("c/d.json", "now a folder")]);
  expectSound();
});

it("commits to the branch that HEAD names, and to a detached HEAD", async () => {
  const first = await commitOk(world.plane, [put("a", "1")]);
  world.git("checkout", "-q", "-b", "side/branch");
  const second = await commitOk(world.plane, [put("a", "2")]);
  expect(world.git("rev-parse", "side/branch", "main").trim().split("\n")).toEqual([second, first]);
  world.git("checkout", "-q", "--detach");
  const third = await commitOk(world.plane, [put("a", "3")]);
  expect(world.git("rev-parse", "HEAD", "side/branch").trim().split("\n")).toEqual([third, second]);
  expectSound();
});

it.each([2, 3, 4])("keeps an index of version %i", async (version) => {
  await commitOk(world.plane, [put("a.json", "1"), put("b/c.json", "1"), put("b/d.json", "1")]);
  if (version === 3) {
    writeFileSync(join(world.dir, "later.md"), "x");
    world.git("add", "-N", "later.md");
  } else world.git("update-index", "--index-version", String(version));
  await commitOk(world.plane, [put("b/c.json", "2"), put("b/e.json", "1"), drop("b/d.json")]);
  expect(world.git("status", "--porcelain")).toBe(version === 3 ? " A later.md\n" : "");
  expect(world.git("ls-files").trim().split("\n")).toHaveLength(version === 3 ? 4 : 3);
});

it("is refused while Git holds its index lock, and leaves that lock alone", async () => {
  const base = await commitOk(world.plane, [put("a", "1")]);
  const lock = join(world.dir, ".git", "index.lock");
  writeFileSync(lock, "");
  await expect(world.plane.commit(base, [put("a", "2")], "x", call)).rejects.toMatchObject({
    code: "git.index-locked",
  });
  expect(await world.plane.recover(call)).toEqual({ rolledForward: false });
  expect(readFileSync(lock, "utf8")).toBe("");
});

it("replaces a torn loose object instead of taking it for whole", async () => {
  const oid = "5626abf0f72e58d7a153368ba57db4c673c0e171"; // of "one\n"
  const path = join(world.dir, ".git", "objects", oid.slice(0, 2), oid.slice(2));
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, "torn");
  await commitOk(world.plane, [put("a", "one\n")]);
  expectSound();
});

it("leaves no tree without its .gitattributes when that cannot be written", async () => {
  // The folder of the object 4ee0147…, which these bytes become.
  const inTheWay = join(world.dir, ".git", "objects", "4e");
  writeFileSync(inTheWay, "");
  const edits = [put(".gitattributes", "*.json text eol=lf\n"), put("a.json", "{}\n")];
  await expect(commitOk(world.plane, edits)).rejects.toMatchObject({ code: "file.in-the-way" });
  rmSync(inTheWay);
  expect(world.git("fsck", "--strict", "--no-dangling")).toBe("");
});

it("leaves ignored files out of the uncommitted ones", async () => {
  await commitOk(world.plane, [put(".gitignore", "*.tmp\nbuild/\n"), put("photos/a.json", "1")]);
  mkdirSync(join(world.dir, "photos", "build"));
  for (const name of ["x.tmp", "build/y", "z.json"]) writeFileSync(join(world.dir, "photos", name), "1");
  expect(await world.plane.uncommitted(["photos"], call)).toEqual([
    { path: "photos/z.json", state: "untracked" },
  ]);
});
