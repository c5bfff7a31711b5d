import { createHash } from "node:crypto";
import { existsSync, readFileSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { initLibrary, openLibrary } from "../../src/app.js";
import { openControlPlane } from "../../src/control/git-control-plane.js";
import { parsePhoto } from "../../src/control/records.js";
import { hexOf } from "../../src/domain/ids.js";
import { clockFrom } from "../../src/infra/clock.js";
import type { Run } from "../../src/ports/phase.js";
import { git, gitFsck, gitStatus } from "../cli/run-program.js";
import { sha256Hex } from "../cli/sha256.js";
import { plainSurroundings } from "../fakes/plain-surroundings.js";
import { blobsOf, ENVIRONMENT, headOf, namesBelow, runProgram, treeOf } from "./program.js";
import { LIBRARY, type Scenario, type Step } from "./scenario.js";
import type { CutState } from "./state.js";

const quietRun = (): Run => ({
  signal: new AbortController().signal,
  clock: clockFrom(ENVIRONMENT),
  progress: { stage: () => {}, advance: () => {}, note: () => {} },
});

/** Runs a command: by the real program, or, much faster, by the same operation in this process. */
export type Runner = (args: readonly string[], library: string) => Promise<void>;

export const inThisProcess: Runner = async (args, library) => {
  const [command, argument] = args;
  if (command === "init") {
    await initLibrary(library, quietRun());
    return;
  }
  const opened = await openLibrary(library);
  try {
    if (command === "status") await opened.status(quietRun());
    else if (command === "discover") {
      const { failures } = await opened.discover(
        {
          paths: argument === undefined ? [] : [argument],
          ...{ fullScan: false, include: [], exclude: [], hidden: false, dryRun: false },
        },
        quietRun(),
      );
      refuse(failures);
    } else if (command === "resolve")
      refuse((await opened.resolve({ autoResolve: "simple", dryRun: false }, quietRun())).failures);
    else if (command === "replicate")
      refuse(
        (await opened.replicate({ mode: "do", to: [], surroundings: plainSurroundings }, quietRun()))
          .failures,
      );
    else if (command === "verify")
      refuse((await opened.verify({ deep: true, repair: true, dryRun: false }, quietRun())).failures);
    else if (command === "undo")
      refuse((await opened.undo(undefined, { dryRun: false }, quietRun())).failures);
    else throw new Error(`no such command here: ${args.join(" ")}`);
  } finally {
    await opened.close();
  }
};

export const byTheProgram: Runner = (args, library) => runProgram(args, library);

function refuse(failures: readonly { readonly code: string; readonly message: string }[]): void {
  const [first] = failures;
  if (first !== undefined)
    throw new Error(`${failures.length} failures, the first: ${first.code} ${first.message}`);
}

/** What a state broke; a state that keeps every promise throws nothing. */
export class Broken extends Error {}

function expect(holds: boolean, promise: string): void {
  if (!holds) throw new Broken(promise);
}

/**
 * Checks a state that `buildState` wrote at `world`: what was reported as done holds before anything runs; the library opens and
 * is whole; the interrupted command, run again, and those after it end as if power had never failed.
 */
export async function checkState(
  scenario: Scenario,
  state: CutState,
  world: string,
  run: Runner,
): Promise<void> {
  const library = join(world, LIBRARY);
  const last = scenario.steps[state.done - 1];
  const next = scenario.steps[state.done];
  const before = last?.head ?? scenario.baseHead;
  const head = headOf(library);
  expect(
    head === before || (next !== undefined && head === next.head),
    `HEAD is ${head}, not ${before} or ${next?.head}`,
  );
  if (head !== null) {
    if (state.done > 0 || scenario.damaged.length === 0) await expectReplicas(library, world, head);
    expectKept(scenario, world);
    if (last !== undefined) expectStores(last.blobs, world);
    await run(["status"], library);
    expectWorkingTree(library, "after status");
  }
  const isThere = head !== null && head === next?.head;
  for (const [number, step] of scenario.steps.entries()) {
    if (number < state.done || (number === state.done && isThere && !isRepeatable(step))) continue;
    const commits = headOf(library);
    await run(step.args, library);
    if (number === state.done && isThere)
      expect(headOf(library) === commits, "what was committed is committed again");
    if (number < scenario.steps.length - 1)
      expect(treeOf(library) === step.tree, `another tree after ${step.args.join(" ")}`);
  }
  const end = scenario.steps.at(-1);
  expect(end !== undefined && treeOf(library) === end.tree, "another tree at the end");
  expect(JSON.stringify(blobsOf(world)) === JSON.stringify(end?.blobs), "other blobs at the end");
  expectKept(scenario, world);
  expectWorkingTree(library, "at the end");
  expect(gitFsck(library) === "", "git fsck finds something");
}

/** Each replica that a document in HEAD names is there, with the bytes that its key promises. */
async function expectReplicas(library: string, world: string, head: string): Promise<void> {
  const control = await openControlPlane(library);
  try {
    const call = { signal: new AbortController().signal };
    for await (const { path, oid } of control.listFiles(head, "photos", call)) {
      const read = parsePhoto(path, await control.readObject(oid));
      if (read.kind !== "ok") throw new Broken(`${path} in HEAD cannot be read`);
      const { document } = read;
      for (const { replicas, content_hash: hash } of [document, ...(document.variants ?? [])]) {
        for (const [store, replica] of Object.entries(replicas ?? {})) {
          const root = store === "usb" ? join(world, "usb") : join(library, "blobs");
          const file = join(root, replica.key);
          expect(existsSync(file), `${file} is recorded and not there`);
          expect(sha256Hex(readFileSync(file)) === hexOf(hash), `${file} is recorded and has other bytes`);
        }
      }
    }
  } finally {
    control.close();
  }
}

/** What was whole before the first step is whole still, and damaged bytes are kept somewhere until their owner removes them. */
function expectKept({ baseBlobs, damaged, steps }: Scenario, world: string): void {
  if (steps.some(({ args }) => args[0] === "undo")) return;
  const right = steps.at(-1)?.blobs ?? {};
  for (const [name, hash] of Object.entries(baseBlobs)) {
    if (right[name] !== hash) continue;
    const file = join(world, name);
    expect(
      existsSync(file) && sha256Hex(readFileSync(file)) === hash,
      `${name} was whole and is not any more`,
    );
  }
  if (damaged.length === 0) return;
  const hashes = new Set(namesBelow(world).map((name) => sha256Hex(readFileSync(join(world, name)))));
  for (const hash of damaged) expect(hashes.has(hash), `the damaged bytes ${hash} are gone`);
}

/** All that a finished run has stored is there, is listed, and the stores are marked. */
function expectStores(blobs: Readonly<Record<string, string>>, world: string): void {
  for (const [name, hash] of Object.entries(blobs)) {
    const file = join(world, name);
    expect(existsSync(file) && sha256Hex(readFileSync(file)) === hash, `${name} was stored and is not whole`);
  }
  if (Object.keys(blobs).length === 0) return;
  for (const store of ["library/blobs", "usb"]) {
    const root = join(world, store);
    expect(existsSync(join(root, ".photosync-store")), `${store} lost its marker`);
    const listed = readFileSync(join(root, "SHA256SUMS"), "utf8");
    for (const [name, hash] of Object.entries(blobs)) {
      if (!name.startsWith(`${store}/`)) continue;
      expect(
        listed.includes(`${hash}  ${name.slice(store.length + 1)}\n`),
        `SHA256SUMS of ${store} misses ${name}`,
      );
    }
  }
}

/** Every file of HEAD stands in the working tree with its bytes, read and not believed, and Git sees nothing else. */
function expectWorkingTree(library: string, when: string): void {
  const status = gitStatus(library);
  expect(status === "", `git status ${when}: ${status}`);
  const wrong = git(library, "ls-tree", "-r", "-z", "HEAD")
    .split("\0")
    .filter((line) => line !== "")
    .map((line) => ({ oid: line.split(/\s/, 3)[2], path: line.slice(line.indexOf("\t") + 1) }))
    .filter(({ oid, path }) => oidOfFile(join(library, path)) !== oid);
  expect(
    wrong.length === 0,
    `other bytes in the working tree ${when}: ${wrong
      .slice(0, 3)
      .map(({ path }) => path)
      .join(", ")}`,
  );
}

/** What `git hash-object` says of a file. */
function oidOfFile(path: string): string {
  const bytes = readFileSync(path);
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}

/**
 * Unfinished files are gone after one more run of the commands that leave such, if not before. They look two minutes old, for
 * nobody can tell those without content from what another run is about to finish.
 */
export async function expectTidied({ steps }: Scenario, world: string, run: Runner): Promise<void> {
  const library = join(world, LIBRARY);
  const then = new Date(Date.now() - 120_000);
  for (const name of leftovers(world)) utimesSync(join(world, name), then, then);
  const head = headOf(library);
  for (const args of tidying(steps)) await run(args, library);
  expect(headOf(library) === head, "tidying up made a commit");
  const left = leftovers(world);
  expect(left.length === 0, `left behind for good: ${left.join(", ")}`);
}

/** What is run again: the last command, or after an undo, which must not be followed by another, those that change nothing then. */
function tidying(steps: readonly Step[]): readonly (readonly string[])[] {
  const last = steps.at(-1);
  if (last !== undefined && isRepeatable(last)) return [last.args];
  const discovered = steps.filter(({ args }) => args[0] === "discover").map(({ args }) => args);
  return last?.args[0] === "undo" ? [...discovered, ["verify", "--deep", "--repair"]] : [["resolve"]];
}

/** A second `init` is refused, and a second `undo` takes back another operation. */
const isRepeatable = ({ args }: Step): boolean => args[0] !== "init" && args[0] !== "undo";

/** Unfinished files that are left; they harm nobody, but ought to be cleared away. */
export const leftovers = (world: string): readonly string[] =>
  namesBelow(world).filter((name) => /photosync-tmp|tmp_obj_photosync|tmp_pack_photosync|\.lock$/.test(name));
