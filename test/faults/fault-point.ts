import { createHash } from "node:crypto";
import { lstat, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Ended } from "../cli/run-program.js";
import { answerProblems } from "./answer.js";
import type { FaultTarget } from "./fault-target.js";
import {
  allBlobs,
  endState,
  fsckProblems,
  git,
  leftovers,
  repositoryProblems,
  STORES,
  storeProblems,
} from "./library-state.js";
import { json } from "./recipes.js";
import { ageTemps, type Bench, begin, freshPlace, loggedIn, type Stage } from "./stage.js";
import { toldContent } from "./told-content.js";

const TOO_LONG_MS = 120_000;

/** What came of one failed operation. */
export interface Failed {
  readonly stage: string;
  readonly target: FaultTarget;
  /** False where the run did not get to the operation. */
  readonly reached: boolean;
  readonly exit: number | null;
  /** The run said that all was done, and it was. */
  readonly harmless: boolean;
  /** What does not hold, in words. */
  readonly problems: readonly string[];
}

/** Fails the operation in a run of the stage's command, checks what holds at all times, and runs it again without fault. */
export async function failAt(bench: Bench, stage: Stage, target: FaultTarget, name: string): Promise<Failed> {
  const place = await freshPlace(bench, stage, name);
  await stage.freshen?.(place);
  const { site, kind, occurrence, trouble, earlier } = target;
  const stop = stage.meanwhile?.(place);
  const { child, ended } = begin(bench, place, stage, {
    mode: "fail",
    target: { by: "site", site, kind, occurrence },
    fault: trouble === "full" ? "ENOSPC" : trouble,
    lasting: trouble === "full",
    ...(earlier === undefined ? {} : { earlier }),
  });
  const problems: string[] = [];
  const timer = new AbortController();
  const limit = sleep(TOO_LONG_MS, true, { signal: timer.signal }).catch(() => false);
  const hung = limit.then((over) => {
    if (over) child.kill("SIGKILL");
    return over;
  });
  const run = await ended;
  stop?.();
  timer.abort();
  if (await hung) problems.push(`it hung for ${TOO_LONG_MS / 1000} s`);
  const reached = (await loggedIn(place)).length > 0;
  problems.push(...answerProblems(run, stage.tells), ...(await invariantProblems(bench, stage, place)));

  const saysDone = run.exit === stage.exit && !run.stdout.includes('"failures": [\n');
  // What killed runs had left before may stay once more where it could not be looked at; the next run clears it away.
  const before = await leftovers(stage.before);
  const asReference = await referenceProblems(stage, place, target, true, before);
  const isTidy = (await leftovers(place)).every((name) => !before.includes(name));
  if (saysDone && reached) {
    problems.push(...asReference.map((problem) => `it said that all was done, and ${problem}`));
  }
  const harmless = saysDone && isTidy && asReference.length === 0;
  if (!harmless) problems.push(...(await secondRunProblems(bench, stage, place, target)));
  if (problems.length === 0 || process.env["PHOTOSYNC_KEEP"] === undefined)
    await rm(place, { recursive: true, force: true });
  else problems.push(`kept in ${place}`);
  return { stage: stage.name, target, reached, exit: run.exit, harmless, problems };
}

/** Runs the command again, without a fault, and compares with the undisturbed run. */
async function secondRunProblems(
  bench: Bench,
  stage: Stage,
  place: string,
  target: FaultTarget,
): Promise<readonly string[]> {
  await ageTemps(place);
  const { commits } = await endState(place);
  const finished = commits > stage.commitsBefore;
  const again: Ended =
    finished && stage.name.startsWith("undo")
      ? await begin(bench, place, { args: json("status") }).ended
      : await begin(bench, place, stage).ended;
  const expected = finished ? [stage.exit, stage.exitAgain, 0] : stage.exits;
  const problems = expected.includes(again.exit)
    ? []
    : [`the next run ended in ${again.exit}: ${again.stdout.slice(0, 600)}${again.stderr.slice(0, 600)}`];
  return [...problems, ...(await referenceProblems(stage, place, target, commits <= stage.commitsBefore))];
}

/** How the library differs from the undisturbed one. After a commit of a part, the documents must tell the same. */
async function referenceProblems(
  stage: Stage,
  place: string,
  { kind }: FaultTarget,
  wholly: boolean,
  mayStay: readonly string[] = [],
): Promise<readonly string[]> {
  const end = await endState(place);
  const problems = [...(await repositoryProblems(place))];
  problems.push(...storeProblems(end, stage.after));
  if (wholly && end.commits !== stage.after.commits)
    problems.push(`there are ${end.commits} commits instead of ${stage.after.commits}`);
  const byContent = !wholly || stage.namesPlace === true;
  const same = end.tree === stage.after.tree || (byContent && (await toldContent(place)) === stage.told);
  if (!same) problems.push(`the tree is ${end.tree}, not ${stage.after.tree}`);
  // What a failing removal leaves, and the lock of a run that has ended, is cleared away by the next run that writes, which
  // need not be the next one here.
  const isRemoval = kind === "rm" || kind === "unlink";
  const left = isRemoval
    ? []
    : (await leftovers(place)).filter(
        (name) => name !== "library/.photosync/lock" && !mayStay.includes(name),
      );
  if (left.length > 0) problems.push(`there is left behind: ${left.join(", ")}`);
  return problems;
}

/** What must hold at every moment: HEAD is whole, recorded replicas are there, names tell the bytes, sources are untouched. */
async function invariantProblems(bench: Bench, stage: Stage, place: string): Promise<readonly string[]> {
  const problems = [...(await fsckProblems(place))];
  const blobs = await allBlobs(place);
  for (const [key, { sha256 }] of blobs) {
    if (!key.includes(sha256) && !stage.name.startsWith("verify"))
      problems.push(`${key} holds other bytes than its name says`);
  }
  for (const key of await recordedReplicas(place)) {
    if (!blobs.has(key) && !stage.name.startsWith("verify"))
      problems.push(`${key} is recorded as a replica and is not there`);
  }
  if ((await sourcesPrint(bench)) !== bench.sourcesPrint) problems.push("the sources were changed");
  return problems;
}

/** The replicas that the documents of HEAD name, as `<store's folder>/<key>`. */
async function recordedReplicas(place: string): Promise<ReadonlySet<string>> {
  const lines = await git(
    join(place, "library"),
    "grep",
    "--no-color",
    "-h",
    "-A",
    "3",
    "-e",
    '"local": {',
    "-e",
    '"second": {',
    "HEAD",
    "--",
    "photos",
  );
  const found = new Set<string>();
  let folder: string = STORES[0];
  for (const line of lines.split("\n")) {
    if (line.includes('"local": {')) folder = STORES[0];
    if (line.includes('"second": {')) folder = STORES[1];
    const key = /"key": "([^"]+)"/.exec(line)?.[1];
    if (key !== undefined) found.add(`${folder}/${key}`);
  }
  return found;
}

/** A digest of everything about the sources that a run must not change. */
export async function sourcesPrint({ home }: Pick<Bench, "home">): Promise<string> {
  const root = join(home, "sources");
  const hash = createHash("sha256");
  for (const name of (await readdir(root, { recursive: true })).sort()) {
    const { mode, ino, size, mtimeNs } = await lstat(join(root, name), { bigint: true });
    hash.update(`${name} ${mode} ${ino} ${size} ${mtimeNs}\n`);
    if ((await lstat(join(root, name))).isFile()) hash.update(await readFile(join(root, name)));
  }
  return hash.digest("hex");
}

/** A failed operation in one line. */
export const describeTarget = ({ stage, target }: Pick<Failed, "stage" | "target">): string =>
  `${stage}, ${target.kind} at ${target.site} (time ${target.occurrence}): ${target.trouble}${
    target.earlier === undefined ? "" : ` after ${target.earlier.fault} at ${target.earlier.site}`
  }`;
