import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { PhotosyncError } from "../domain/errors.js";

/** How many requests came in a stretch of time. */
export interface CountedRequests {
  readonly google: number;
  readonly flickr: number;
  /** How many of them were made to fail. */
  readonly faults: number;
}

/** Emulated services that run as a process of their own, as `npm run emulators` starts them. */
export interface EmulatorProcess {
  /** Entries for `config/services.json`. */
  readonly services: Readonly<Record<string, object>>;
  /** What the environment has to give for signing in to them, a browser that agrees included. */
  readonly environment: Readonly<Record<string, string>>;
  /** The requests since the last mark; their list goes to `<name>-google.log` and `<name>-flickr.log` in the folder for logs. */
  mark(name: string): Promise<CountedRequests>;
  /** From now on, so many of a hundred requests fail. */
  fail(percent: number): Promise<void>;
  close(): Promise<void>;
}

const MAIN = join("test", "emulators", "main.ts");

const noEmulators = (): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: "demo.no-emulators",
    message:
      "The emulated Google and Flickr that this demo needs are part of photosync's source and its tests, and not of the installed program.",
    next: [
      "In a clone of photosync's repository: npm ci && npm run demo:services",
      "Without services, the demo runs everywhere: photosync demo",
    ],
  });

const died = (): PhotosyncError =>
  new PhotosyncError({
    kind: "bug",
    code: "demo.emulators-died",
    message: "The emulated services came to an end before the demo did.",
    next: ["See whether they start by themselves: npm run emulators"],
  });

type Answer = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Answer => typeof value === "object" && value !== null;

function tableIn(answer: Answer, name: string): Readonly<Record<string, object>> {
  const value = answer[name];
  if (!isObject(value)) throw died();
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, entry]) => (isObject(entry) ? [[key, entry]] : [])),
  );
}

function textsIn(answer: Answer, name: string): Readonly<Record<string, string>> {
  const value = answer[name];
  if (!isObject(value)) throw died();
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, text]) => (typeof text === "string" ? [[key, text]] : [])),
  );
}

/** Throws `demo.no-emulators` (user) unless `root` is a clone with what it takes to run the emulators. */
export function requireEmulators(root: string): void {
  if (!existsSync(join(root, MAIN)) || !existsSync(join(root, "node_modules", "tsx"))) throw noEmulators();
}

/**
 * Starts the emulators of the clone whose root is given. The caller closes them. Throws `demo.no-emulators` (user) where there is no
 * clone with what it takes, `demo.emulators-died` (bug).
 */
export async function startEmulators(root: string, logFolder: string): Promise<EmulatorProcess> {
  requireEmulators(root);
  const args = ["--import", "tsx", MAIN, "--json", "--agree", "--log", logFolder];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["pipe", "pipe", 2] });
  const ended = new Promise<void>((resolve) => {
    child.once("error", () => resolve());
    child.once("exit", () => resolve());
  });
  const ask = conversation(child);
  const first = await ask(null);
  return {
    services: tableIn(first, "services"),
    environment: {
      ...textsIn(first, "environment"),
      BROWSER: join(root, "test", "emulators", "agreeing-browser.mjs"),
    },
    async mark(name) {
      const { google, flickr, faults } = await ask(`mark ${name}`);
      return { google: Number(google), flickr: Number(flickr), faults: Number(faults) };
    },
    async fail(percent) {
      await ask(`faults ${percent}`);
    },
    async close() {
      child.stdin?.end();
      await ended;
    },
  };
}

/** Says a line to the process, or nothing, and waits for the line that it answers. */
function conversation({ stdin, stdout }: ChildProcess): (line: string | null) => Promise<Answer> {
  const answers = stdout === null ? null : createInterface({ input: stdout })[Symbol.asyncIterator]();
  return async (line) => {
    if (line !== null) stdin?.write(`${line}\n`);
    const next = await answers?.next();
    const answer: unknown = next?.done === false ? JSON.parse(next.value) : null;
    if (!isObject(answer)) throw died();
    return answer;
  };
}
