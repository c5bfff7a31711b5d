import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRepository } from "../../../src/control/create-repository.js";
import { type GitControlPlane, openControlPlane } from "../../../src/control/git-control-plane.js";
import type { CommitOutcome, FileEdit } from "../../../src/ports/control-plane.js";

export const call = { signal: new AbortController().signal };
export const put = (path: string, text: string): FileEdit => ({ path, bytes: Buffer.from(text, "utf8") });
export const drop = (path: string): FileEdit => ({ path, bytes: null });

/** A library in a temporary folder, with the git program as a second opinion on it. */
export interface World {
  readonly dir: string;
  readonly plane: GitControlPlane;
  git(...args: readonly string[]): string;
  reopen(options?: { readonly faultPoint?: (name: string) => void }): Promise<GitControlPlane>;
  end(): void;
}

/** The machine's own Git settings must not reach a test. */
export const gitEnvironment = {
  PATH: process.env["PATH"] ?? "",
  HOME: join(tmpdir(), "photosync-no-home"),
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "Owner",
  GIT_AUTHOR_EMAIL: "owner@example.org",
  GIT_COMMITTER_NAME: "Owner",
  GIT_COMMITTER_EMAIL: "owner@example.org",
};

export async function makeWorld(): Promise<World> {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), "photosync-control-")));
  await createRepository(dir);
  writeFileSync(join(dir, ".git", "info", "exclude"), ".photosync/\n");
  const planes: GitControlPlane[] = [];
  const reopen = async (options: { readonly faultPoint?: (name: string) => void } = {}) => {
    const plane = await openControlPlane(dir, { environment: gitEnvironment, ...options });
    planes.push(plane);
    return plane;
  };
  return {
    dir,
    plane: await reopen(),
    reopen,
    git: (...args) => runGit(dir, args),
    end: () => {
      for (const plane of planes) plane.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

export function runGit(dir: string, args: readonly string[]): string {
  return execFileSync("git", args, {
    cwd: dir,
    encoding: "utf8",
    env: gitEnvironment,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

export async function commitOk(
  plane: GitControlPlane,
  edits: Iterable<FileEdit>,
  message = "test: a change",
): Promise<string> {
  const outcome: CommitOutcome = await plane.commit(await plane.head(), edits, message, call);
  if (outcome.kind !== "ok") throw new Error(`expected a commit, got ${JSON.stringify(outcome)}`);
  return outcome.revision;
}
