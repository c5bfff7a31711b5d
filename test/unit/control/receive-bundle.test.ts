import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { createRepository } from "../../../src/control/create-repository.js";
import { openControlPlane } from "../../../src/control/git-control-plane.js";
import { call, commitOk, gitEnvironment, makeWorld, put, runGit, type World } from "./native-git.js";

const documents = (version: number) =>
  Array.from({ length: 30 }, (_, n) =>
    put(`photos/2024/${n}.json`, `{"n": ${n}}\n${"a line of a document\n".repeat(50)}${version + (n % 3)}\n`),
  );

/** A repository with a history, and a bundle of it. */
async function source(): Promise<World & { readonly file: string }> {
  const world = await makeWorld();
  onTestFinished(world.end);
  for (let version = 0; version < 4; version++) await commitOk(world.plane, documents(version));
  mkdirSync(join(world.dir, ".photosync"), { recursive: true });
  const file = join(world.dir, ".photosync", "all.bundle");
  await world.plane.writeBundle(await world.plane.head(), file, call);
  return { ...world, file };
}

/** An empty repository beside it. */
async function target({ dir }: World, faultPoint: (name: string) => void = () => {}) {
  const folder = join(dir, ".photosync", "new");
  await createRepository(folder);
  writeFileSync(join(folder, ".git", "info", "exclude"), ".photosync/\n");
  const plane = await openControlPlane(folder, { environment: gitEnvironment, faultPoint });
  onTestFinished(() => plane.close());
  return { folder, plane };
}

it("brings history, branch and working tree back, from our bundles and from Git's own with deltas by offset", async () => {
  const world = await source();
  world.git("gc", "-q", "--aggressive", "--prune=now");
  world.git("checkout", "-q", "-b", "my/photos");
  const theirs = join(world.dir, ".photosync", "git.bundle");
  world.git("bundle", "create", "-q", theirs, "my/photos", "HEAD");
  const { folder, plane } = await target(world);
  const received = await plane.receiveBundle(theirs, call);
  expect(received).toMatchObject({ revision: world.git("rev-parse", "HEAD").trim(), commits: 4 });
  expect(runGit(folder, ["status", "--porcelain"])).toBe("");
  expect(runGit(folder, ["symbolic-ref", "HEAD"]).trim()).toBe("refs/heads/my/photos");
  runGit(folder, ["fsck", "--strict", "--full"]);
  expect(runGit(folder, ["log", "--format=%H"])).toBe(world.git("log", "--format=%H"));
  expect(readFileSync(join(folder, "photos/2024/7.json"))).toEqual(
    readFileSync(join(world.dir, "photos/2024/7.json")),
  );
  await commitOk(plane, [put("next.md", "1\n")]);
  runGit(folder, ["fsck", "--strict", "--full"]);
});

it.each(["bundle-journaled", "ref-locked"])("cut short at %s, it is done by the next one", async (point) => {
  const world = await source();
  const cut = await target(world, (name) => {
    if (name === point) throw new Error("cut");
  });
  await expect(cut.plane.receiveBundle(world.file, call)).rejects.toThrow();
  const { folder, plane } = await target(world);
  await plane.recover(call);
  await plane.receiveBundle(world.file, call);
  expect(runGit(folder, ["status", "--porcelain"])).toBe("");
  expect(runGit(folder, ["rev-parse", "HEAD"])).toBe(world.git("rev-parse", "HEAD"));
});

it("any one byte changed, or the end missing, is found before the branch is made", async () => {
  const world = await source();
  const whole = readFileSync(world.file);
  const { plane, folder } = await target(world);
  const torn = join(world.dir, ".photosync", "torn.bundle");
  const tries = [
    ...Array.from({ length: 24 }, (_, n) => Math.floor((whole.length * n) / 24)).map((at) => {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ 0x10;
      return bytes;
    }),
    whole.subarray(0, whole.length / 2),
    whole.subarray(0, whole.length - 1),
    whole.subarray(0, 10),
    Buffer.alloc(0),
    Buffer.from("PACK"),
  ];
  for (const bytes of tries) {
    writeFileSync(torn, bytes);
    await expect(plane.receiveBundle(torn, call)).rejects.toMatchObject({ code: "bundle.damaged" });
    expect(await plane.head()).toBe("0".repeat(40));
  }
  await plane.receiveBundle(world.file, call);
  runGit(folder, ["fsck", "--strict", "--full"]);
});

it("a bundle without its objects, or of only a part of the history, is none", async () => {
  const world = await source();
  const part = join(world.dir, ".photosync", "part.bundle");
  world.git("bundle", "create", "-q", part, "HEAD~1..main");
  const { plane } = await target(world);
  await expect(plane.receiveBundle(part, call)).rejects.toMatchObject({ code: "bundle.damaged" });
  const lie = readFileSync(world.file, "latin1").replaceAll(
    world.git("rev-parse", "HEAD").trim(),
    "1".repeat(40),
  );
  writeFileSync(part, lie, "latin1");
  await expect(plane.receiveBundle(part, call)).rejects.toMatchObject({ code: "bundle.damaged" });
});
