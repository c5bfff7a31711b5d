import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { call, commitOk, makeWorld, put, runGit } from "./native-git.js";

async function world() {
  const made = await makeWorld();
  onTestFinished(made.end);
  const clone = join(made.dir, ".photosync", "clone");
  const file = join(made.dir, ".photosync", "all.bundle");
  mkdirSync(join(made.dir, ".photosync"), { recursive: true });
  return { ...made, clone, file };
}

const documents = (version: number) =>
  Array.from({ length: 40 }, (_, n) =>
    put(`photos/2024/${n}.json`, `{"n": ${n}}\n${"a line of a document\n".repeat(50)}${version + (n % 3)}\n`),
  );

it("a bundle of packs with deltas, packs of ours and files of their own is cloned whole", async () => {
  const { dir, plane, git, clone, file, reopen } = await world();
  for (let version = 0; version < 6; version++) await commitOk(plane, documents(version));
  git("gc", "-q", "--aggressive", "--prune=now");
  git("checkout", "-q", "-b", "side");
  writeFileSync(join(dir, "side.md"), "1\n");
  git("add", "side.md");
  git("commit", "-q", "-m", "side");
  git("checkout", "-q", "main");
  const own = await reopen();
  await commitOk(own, [put("README.md", "a library\n")]);
  git("merge", "-q", "--no-edit", "side");
  const many = Array.from({ length: 300 }, (_, n) => put(`photos/undated/${n}.json`, `{"n": ${n}}\n`));
  const head = await commitOk(own, many);
  const written = await own.writeBundle(head, file, call);
  expect(git("bundle", "verify", file)).toContain("complete history");
  runGit(dir, ["clone", "-q", file, clone]);
  expect(runGit(clone, ["rev-parse", "HEAD"]).trim()).toBe(head);
  expect(runGit(clone, ["symbolic-ref", "HEAD"]).trim()).toBe("refs/heads/main");
  runGit(clone, ["fsck", "--strict", "--full"]);
  expect(runGit(clone, ["log", "--format=%H"])).toBe(git("log", "--format=%H"));
  expect(runGit(clone, ["count-objects", "-v"])).toContain(`in-pack: ${written.objects}`);
  expect(written.commits).toHaveLength(Number(git("rev-list", "--count", "HEAD")));
  // Deltas travel as they are: whole documents would take several times that.
  expect(written.sizeBytes).toBeLessThan(40_000);
});

it("a detached HEAD is bundled as such", async () => {
  const { dir, plane, git, clone, file } = await world();
  const head = await commitOk(plane, documents(1));
  git("checkout", "-q", "--detach");
  await plane.writeBundle(head, file, call);
  const opening = `# v2 git bundle\n${head} HEAD\n\nPACK`;
  expect(readFileSync(file).subarray(0, opening.length).toString("latin1")).toBe(opening);
  runGit(dir, ["clone", "-q", file, clone]);
  expect(runGit(clone, ["rev-parse", "HEAD"]).trim()).toBe(head);
});

it("what rotted in a pack is not handed on", async () => {
  const { dir, plane, git, file, reopen } = await world();
  const head = await commitOk(plane, documents(1));
  git("gc", "-q", "--prune=now");
  plane.close();
  const folder = join(dir, ".git", "objects", "pack");
  const pack = join(folder, readdirSync(folder).find((name) => name.endsWith(".pack")) ?? "");
  const bytes = readFileSync(pack);
  bytes[bytes.length - 60] = (bytes[bytes.length - 60] ?? 0) ^ 1;
  rmSync(pack, { force: true });
  writeFileSync(pack, bytes);
  await expect((await reopen()).writeBundle(head, file, call)).rejects.toMatchObject({
    code: "library.damaged",
  });
});
