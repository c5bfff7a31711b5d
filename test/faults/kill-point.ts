import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import {
  allBlobs,
  endState,
  fsckProblems,
  leftovers,
  repositoryProblems,
  storeProblems,
} from "./library-state.js";
import type { LoggedOperation } from "./preload/settings.mjs";
import { json } from "./recipes.js";
import { shuffled } from "./seeded.js";
import { ageTemps, type Bench, begin, freshPlace, loggedIn, type Stage } from "./stage.js";
import { toldContent } from "./told-content.js";

/** Where a run is killed: at one of its changes to the disk, or after some time. */
export type KillPoint =
  | { readonly kind: "change"; readonly change: number; readonly when: "before" | "after" | "half" }
  | { readonly kind: "delay"; readonly delayMs: number };

/** What came of one kill. */
export interface Killed {
  readonly stage: string;
  readonly point: KillPoint;
  /** False where the run ended before its time came. */
  readonly reached: boolean;
  /** The operation it was killed at, where it was chosen by number. */
  readonly at: LoggedOperation | undefined;
  /** What was not as after an undisturbed run, in words. */
  readonly problems: readonly string[];
}

/** Every place of a stage where a kill can leave something else on the disk. */
export function changePoints(stage: Stage): KillPoint[] {
  return stage.operations
    .filter(({ change }) => change > 0)
    .flatMap(({ change, carriesBytes }): KillPoint[] => [
      { kind: "change", change, when: "before" },
      ...(carriesBytes === true ? [{ kind: "change", change, when: "half" } as const] : []),
      { kind: "change", change, when: "after" },
    ]);
}

/**
 * So many of the stage's points: first those at call sites that are not in `seen`, then any, and a fifth at random times.
 * Stages share most of their call sites, so `seen` goes from stage to stage.
 */
export function choosePoints(
  stage: Stage,
  count: number,
  random: () => number,
  seen: Set<string>,
): KillPoint[] {
  const siteOf = new Map(stage.operations.map(({ change, site, kind }) => [change, `${site} ${kind}`]));
  const first: KillPoint[] = [];
  const rest: KillPoint[] = [];
  const delays = Math.ceil(count / 5);
  for (const point of shuffled(changePoints(stage), random)) {
    const site = point.kind === "change" ? `${siteOf.get(point.change)} ${point.when}` : "";
    const isNew = !seen.has(site) && first.length < count - delays;
    (isNew ? first : rest).push(point);
    if (isNew) seen.add(site);
  }
  return [...[...first, ...rest].slice(0, count - delays), ...delayPoints(stage, delays, random)];
}

/** Kills at so many random times; the first quarter of a run is the start of Node and changes nothing. */
export const delayPoints = (stage: Stage, count: number, random: () => number): KillPoint[] =>
  Array.from({ length: count }, () => ({
    kind: "delay",
    delayMs: Math.round(stage.tookMs * (0.25 + 0.75 * random())),
  }));

/** Kills the stage's command at the point, runs it again, and compares with the undisturbed run. */
export async function killAt(bench: Bench, stage: Stage, point: KillPoint, name: string): Promise<Killed> {
  const place = await freshPlace(bench, stage, name);
  const signal = await disturb(bench, place, stage, point);
  const problems = [...(await fsckProblems(place))];
  const [at] = await loggedIn(place);
  // Wrong bytes, which `verify` is there to replace, are no finished transfer.
  const standing = [...(await allBlobs(place))].filter(([key, { sha256 }]) => key.includes(sha256));
  const atKill = await endState(place);
  const isDone = storeProblems(atKill, stage.after).length === 0;
  await ageTemps(place);

  // An undo that was finished must not be followed by another one, and a store is not added twice: then any command cleans up.
  const finished = atKill.commits > stage.commitsBefore;
  const again =
    finished && /^(?:undo|store)/.test(stage.name)
      ? await begin(bench, place, { args: json("status") }).ended
      : await begin(bench, place, stage).ended;
  const expected = finished || isDone ? [stage.exit, stage.exitAgain, 0] : stage.exits;
  if (!expected.includes(again.exit)) {
    problems.push(
      `the next run ended in ${again.exit}: ${again.stdout.slice(0, 600)}${again.stderr.slice(0, 600)}`,
    );
  }
  const end = await endState(place);
  const isSame =
    end.tree === stage.after.tree || (stage.namesPlace === true && (await toldContent(place)) === stage.told);
  if (!isSame) problems.push(`the tree is ${end.tree}, not ${stage.after.tree}`);
  if (end.commits !== stage.after.commits)
    problems.push(`${end.commits} commits instead of ${stage.after.commits}`);
  problems.push(...storeProblems(end, stage.after));
  const now = await allBlobs(place);
  for (const [key, { sha256, inode }] of standing) {
    if (!stage.after.blobs.includes(`${sha256} ${key}`)) continue;
    const other = now.get(key)?.inode;
    if (other !== inode) problems.push(`${key} stood at the kill and was written again`);
  }
  problems.push(...(await repositoryProblems(place)));
  const left = await leftovers(place);
  if (left.length > 0) problems.push(`left behind: ${left.join(", ")}`);
  if (problems.length === 0 || process.env["PHOTOSYNC_KEEP"] === undefined)
    await rm(place, { recursive: true, force: true });
  return {
    stage: stage.name,
    point,
    reached: signal,
    at: point.kind === "change" ? at : undefined,
    problems,
  };
}

/** True when the run was killed, false when it ended by itself. */
async function disturb(bench: Bench, place: string, stage: Stage, point: KillPoint): Promise<boolean> {
  if (point.kind === "change") {
    const target = { by: "change", number: point.change } as const;
    const { ended } = begin(bench, place, stage, { mode: "kill", target, when: point.when });
    return (await ended).exit === null;
  }
  const { child, ended } = begin(bench, place, stage);
  const timer = new AbortController();
  const over = ended.finally(() => timer.abort());
  await sleep(point.delayMs, undefined, { signal: timer.signal }).catch(() => {});
  child.kill("SIGKILL");
  return (await over).exit === null;
}

/** A kill in one line, as a person repeats it. */
export function describePoint({ stage, point, at }: Pick<Killed, "stage" | "point" | "at">): string {
  if (point.kind === "delay") return `${stage}, after ${point.delayMs} ms`;
  const what = at === undefined ? "" : ` (${at.kind} ${at.path} at ${at.site})`;
  return `${stage}, ${point.when} change ${point.change}${what}`;
}
