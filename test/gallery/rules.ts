import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { parsePhoto } from "../../src/control/records.js";
import { gitFsck, gitStatus } from "../cli/run-program.js";
import { resultErrors } from "../fixtures/result-schema.js";
import type { GalleryCase, ProgramRun } from "./gallery-case.js";
import type { Measured } from "./measured-run.js";
import type { World } from "./world.js";

/** The exit codes that may come of bad input: all of the table but 1, which is a defect. */
const EXIT_CODES = [0, 2, 3, 10, 11, 12, 13, 14, 130];
const MOST_MEMORY_MB = 400;
const MOST_CPU_SECONDS = 30;
const STACK_TRACE = /^\s+at .*[:(]\d+|node:internal/m;

/** What one entry of `failures`, or the `error` of a command, says. */
export interface Told {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** The failures and the error that a command printed. */
export function toldIn(printed: unknown): readonly Told[] {
  if (!isRecord(printed)) return [];
  const failures = Array.isArray(printed["failures"]) ? printed["failures"] : [];
  return [...failures, ...(isRecord(printed["error"]) ? [printed["error"]] : [])]
    .filter(isRecord)
    .map(({ code, message, hint }) => ({ code: text(code), message: text(message), hint: text(hint) }));
}

const counted = (codes: readonly string[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const code of [...codes].sort()) counts.set(code, (counts.get(code) ?? 0) + 1);
  return counts;
};

/** Codes as the table shows them: sorted, each once with how often it came. */
export const countedCodes = (codes: readonly string[]): readonly string[] =>
  [...counted(codes)].map(([code, count]) => (count === 1 ? code : `${code} ×${count}`));

function wrongCodes(run: ProgramRun, codes: readonly string[]): readonly string[] {
  const came = counted(codes);
  const expected = new Map(Object.entries(run.codes ?? {}));
  return [...new Set([...came.keys(), ...expected.keys()])].flatMap((code) => {
    const [times, wanted] = [came.get(code) ?? 0, expected.get(code) ?? 0];
    const fits = times === wanted || (times > wanted && (run.maybe ?? []).includes(code));
    return fits ? [] : [`${code} came ${times} times in place of ${wanted}`];
  });
}

function wrongTold(told: readonly Told[]): readonly string[] {
  return told.flatMap(({ code, message, hint }) => [
    ...(/^[a-z-]+\.[a-z0-9-]+$|^cancelled$/.test(code) ? [] : [`a failure has the code "${code}"`]),
    ...(code.startsWith("bug.") ? [`a defect of photosync: ${message}`] : []),
    ...(message === "" || hint === "" ? [`${code} has no message or no hint`] : []),
  ]);
}

/** The rules for what a run printed and cost. */
export function brokenByRun(
  run: ProgramRun,
  ended: Measured,
  isHeavy: boolean,
): { readonly broken: readonly string[]; readonly printed: unknown } {
  const broken: string[] = [];
  const exits = typeof run.exit === "number" ? [run.exit] : run.exit;
  if (ended.exit === null || !EXIT_CODES.includes(ended.exit))
    broken.push(`exit code ${ended.exit ?? "none: killed"}`);
  else if (!exits.includes(ended.exit))
    broken.push(`exit code ${ended.exit} in place of ${exits.join(" or ")}`);
  if (STACK_TRACE.test(`${ended.stdout}\n${ended.stderr}`)) broken.push("a stack trace was printed");
  if (!isHeavy && (ended.cpuSeconds ?? 0) > MOST_CPU_SECONDS)
    broken.push(`it took ${Math.round(ended.cpuSeconds ?? 0)} s of processor time`);
  if ((ended.peakMb ?? 0) > MOST_MEMORY_MB) broken.push(`it held ${Math.round(ended.peakMb ?? 0)} MB`);
  if (run.asText === true || run.stdout === "reader-leaves") return { broken, printed: null };
  let printed: unknown = null;
  try {
    printed = JSON.parse(ended.stdout);
  } catch {
    broken.push(`no JSON on stdout; stderr: ${ended.stderr.slice(0, 300)}`);
    return { broken, printed };
  }
  broken.push(...resultErrors(run.args[0] ?? "", printed).map((error) => `result schema: ${error}`));
  if (isRecord(printed) && printed["ok"] !== (ended.exit === 0))
    broken.push("ok does not agree with the exit code");
  const told = toldIn(printed);
  broken.push(
    ...wrongCodes(
      run,
      told.map(({ code }) => code),
    ),
    ...wrongTold(told),
  );
  return { broken, printed };
}

/** What `git status` lists, by line; null where Git itself cannot tell. */
export function statusLines(world: World): readonly string[] | null {
  try {
    return gitStatus(world.library).split("\n").filter(Boolean);
  } catch {
    return null;
  }
}

/** The rules for the repository after a run: whole, and nothing lying about that was not there before. */
export function brokenInGit(world: World, before: readonly string[] | null): readonly string[] {
  const broken: string[] = [];
  try {
    const complaints = gitFsck(world.library);
    if (complaints !== "") broken.push(`git fsck: ${complaints}`);
  } catch (error) {
    broken.push(`git fsck: ${error instanceof Error ? error.message.slice(0, 200) : String(error)}`);
  }
  // On a disk without any room Git itself cannot tell.
  if (before === null) return broken;
  for (const line of statusLines(world) ?? ["git status fails"])
    if (!before.includes(line)) broken.push(`the working tree is not clean: ${line}`);
  return broken;
}

/** The rules for the documents at the end: valid where nobody spoilt them by hand, and every good photo there. */
export function brokenDocuments({ build: _, ...one }: GalleryCase, world: World): readonly string[] {
  const broken: string[] = [];
  const names = new Set<string>();
  const spoilt = one.library === "settled";
  for (const path of world.documentPaths()) {
    const read = parsePhoto(path.slice(world.library.length + 1), readFileSync(path));
    if (read.kind === "ok") names.add(read.document.metadata.filename);
    else if (!spoilt) broken.push(`not valid: ${basename(path)}`);
  }
  for (const name of world.photos) if (!names.has(name)) broken.push(`the good photo ${name} was lost`);
  return broken;
}
