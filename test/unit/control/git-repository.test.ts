import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { commitAuthor } from "../../../src/control/commit-author.js";
import { createRepository } from "../../../src/control/create-repository.js";
import { openControlPlane } from "../../../src/control/git-control-plane.js";
import { commitOk, gitEnvironment, put, runGit } from "./native-git.js";

// Every test starts other processes.
vi.setConfig({ testTimeout: 120_000 });

let dir: string;
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), "photosync-repository-")));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const open = () => openControlPlane(dir, { environment: gitEnvironment });

it("completes a repository whose making was killed before HEAD was written", async () => {
  mkdirSync(join(dir, ".git", "objects", "info"), { recursive: true });
  writeFileSync(join(dir, ".git", "config"), "[core]\n\tfilemode = false\n");
  expect(await createRepository(dir)).toEqual({ kind: "created" });
  expect(runGit(dir, ["symbolic-ref", "HEAD"])).toBe("refs/heads/main\n");
  expect(runGit(dir, ["config", "core.filemode"])).toBe("true\n");
  expect(await (await open()).head()).toMatch(/^0{40}$/);
});

it("makes a repository like `git init` does, once", async () => {
  expect(await createRepository(dir, { author: { name: "Ada", email: "ada@example.org" } })).toEqual({
    kind: "created",
  });
  const config = readFileSync(join(dir, ".git", "config"), "utf8");
  expect(await createRepository(dir, { author: { name: "Bob", email: "b@example.org" } })).toEqual({
    kind: "already",
  });
  expect(readFileSync(join(dir, ".git", "config"), "utf8")).toBe(config);
  expect(runGit(dir, ["symbolic-ref", "HEAD"])).toBe("refs/heads/main\n");
  expect(runGit(dir, ["config", "user.name"])).toBe("Ada\n");
  const native = `${dir}-native`;
  runGit(dir, ["init", "-q", native]);
  const core = (of: string) => runGit(of, ["config", "--get-regexp", "^core\\."]).trim().split("\n").sort();
  expect(core(dir)).toEqual(core(native));
  rmSync(native, { recursive: true });
});

it.each([
  ["no repository", () => undefined],
  ["a repository of SHA-256 ids", () => runGit(dir, ["init", "-q", "--object-format=sha256", "."])],
  ["a `.git` file that names nothing", () => writeFileSync(join(dir, ".git"), "nothing")],
])("refuses %s", async (_, prepare) => {
  prepare();
  await expect(open()).rejects.toMatchObject({ kind: "user", code: "library.not-a-repository" });
});

it("says so when no file system takes the name", async () => {
  const library = join(dir, "x".repeat(300));
  await expect(openControlPlane(library)).rejects.toMatchObject({ kind: "user", code: "file.name-too-long" });
});

it("refuses a linked worktree and follows a `.git` file to a folder of its own", async () => {
  const main = join(dir, "main");
  await createRepository(main);
  await commitOk(await openControlPlane(main, { environment: gitEnvironment }), [put("a", "1")]);
  const linked = join(dir, "linked");
  runGit(main, ["worktree", "add", "-q", linked]);
  await expect(openControlPlane(linked)).rejects.toMatchObject({ code: "library.not-a-repository" });
  runGit(main, ["worktree", "remove", linked]);
  renameSync(join(main, ".git"), join(dir, "elsewhere"));
  writeFileSync(join(main, ".git"), "gitdir: ../elsewhere\n");
  const plane = await openControlPlane(main, { environment: gitEnvironment });
  await commitOk(plane, [put("a", "2")]);
  expect(runGit(main, ["log", "--format=%s"]).trim().split("\n")).toHaveLength(2);
  expect(existsSync(join(main, ".git", "objects"))).toBe(false);
});

it("reads objects that are borrowed from another repository", async () => {
  const lender = join(dir, "lender");
  await createRepository(lender);
  const plane = await openControlPlane(lender, { environment: gitEnvironment });
  const revision = await commitOk(plane, [put("a", "lent\n")]);
  const borrower = join(dir, "borrower");
  runGit(lender, ["clone", "-q", "--shared", lender, borrower]);
  const borrowing = await openControlPlane(borrower, { environment: gitEnvironment });
  expect(Buffer.from((await borrowing.readFile(revision, "a")) ?? []).toString()).toBe("lent\n");
  await commitOk(borrowing, [put("a", "own\n")]);
  expect(runGit(borrower, ["status", "--porcelain", "-uno"])).toBe("");
});

it("refuses a split index and says how to end it", async () => {
  await createRepository(dir);
  const plane = await open();
  await commitOk(plane, [put("a", "1")]);
  runGit(dir, ["update-index", "--split-index"]);
  await expect(commitOk(plane, [put("a", "2")])).rejects.toMatchObject({ code: "git.index-unsupported" });
});

it("takes the author from the repository, the user's config, the environment, in that order", async () => {
  const gitDir = join(dir, ".git");
  await createRepository(dir);
  const home = join(dir, "home");
  const environment = { HOME: home };
  expect(await commitAuthor(gitDir, environment)).toEqual({
    name: "photosync",
    email: "photosync@localhost",
  });
  const variables = { ...environment, GIT_AUTHOR_NAME: "Env", GIT_COMMITTER_EMAIL: "env@example.org" };
  expect(await commitAuthor(gitDir, variables)).toEqual({ name: "Env", email: "env@example.org" });
  mkdirSync(join(home, ".config", "git"), { recursive: true });
  writeFileSync(join(home, ".config", "git", "config"), "[user]\n\tname = Xdg\n\temail = xdg@example.org\n");
  expect(await commitAuthor(gitDir, variables)).toEqual({ name: "Xdg", email: "xdg@example.org" });
  writeFileSync(
    join(home, ".gitconfig"),
    '[alias]\n\tname = no\n[User]\n  Name = "Ada # L." ; not this\n\temail=a\\"b@c # nor\n',
  );
  expect(await commitAuthor(gitDir, variables)).toEqual({ name: "Ada # L.", email: 'a"b@c' });
  runGit(dir, ["config", "user.name", "Own"]);
  expect(await commitAuthor(gitDir, variables)).toEqual({ name: "Own", email: 'a"b@c' });
});
