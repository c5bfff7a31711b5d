import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";

const RUN_JS = fileURLToPath(new URL("../../bin/run.js", import.meta.url));

/** Nobody's Git settings, keychain or library; a caller may add to it. */
export const cleanEnvironment = (): Record<string, string> => ({
  PATH: process.env["PATH"] ?? "",
  TMPDIR: tmpdir(),
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.org",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.org",
});

export type Environment = Readonly<Record<string, string>>;

export interface Ended {
  /** Null when a signal ended it. */
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run of the real program that can still be sent a signal. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Starts `photosync` as a process of its own, in a folder that is no library unless one is named, with nothing to read on stdin unless it is a pipe. */
export function start(
  args: readonly string[],
  environment: Environment = {},
  { stdin = "ignore", folder = tmpdir() }: { stdin?: "ignore" | "pipe"; folder?: string } = {},
): Running {
  const child = spawn(process.execPath, [RUN_JS, ...args], {
    cwd: folder,
    env: { ...cleanEnvironment(), ...environment },
    stdio: [stdin, "pipe", "pipe"],
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    let stdout = "";
    let stderr = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.once("error", reject);
    child.once("close", (exit) => resolve({ exit, stdout, stderr }));
  });
  return { child, ended };
}

/** Runs `photosync` to its end. */
export const photosync = (args: readonly string[], environment?: Environment): Promise<Ended> =>
  start(args, environment).ended;

/** What the `git` program prints in `folder`, without its last line break; throws when it fails. */
export const git = (folder: string, ...args: readonly string[]): string =>
  execFileSync("git", ["-C", folder, ...args], {
    env: cleanEnvironment(),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  }).trimEnd();

/** What `git status --porcelain` lists; empty when the working tree is clean. */
export const gitStatus = (folder: string): string => git(folder, "status", "--porcelain");

/** Throws, with Git's own words, when the repository is not whole. */
export const gitFsck = (folder: string): string => git(folder, "fsck", "--strict", "--no-dangling");
