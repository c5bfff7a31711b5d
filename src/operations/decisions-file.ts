import { lstat, readFile, rm, writeFile } from "node:fs/promises";
import { parseJson } from "../control/records.js";
import { schemaErrors } from "../control/schemas.js";
import { PhotosyncError } from "../domain/errors.js";
import type { DecisionEntry } from "../domain/settling/decision-entry.js";
import { errnoOf, fileError } from "../infra/durable-file.js";

interface DecisionsFile {
  readonly decisions: readonly DecisionEntry[];
}

const isDecisionsFile = (value: unknown): value is DecisionsFile =>
  schemaErrors("decisions", value).length === 0;

const MOST_PROBLEMS = 5;

/** One line for each place that is wrong: of an answer that is none, Ajv tells why it is none of a dozen kinds. */
function problemsIn(value: unknown): readonly string[] {
  const byPlace = new Map<string, string>();
  for (const problem of schemaErrors("decisions", value)) {
    const place = /^\/decisions\/\d+(\/answer)?/u.exec(problem)?.[0] ?? problem;
    const isAnswer = place.endsWith("/answer");
    byPlace.set(isAnswer ? place : problem, isAnswer ? `${place} is no answer` : problem);
  }
  return [...byPlace.values()].slice(0, MOST_PROBLEMS);
}

/** The decisions in these bytes, `name` being what they are called. Throws `decisions.invalid` (user) with what is wrong where. */
export function parseDecisions(name: string, bytes: Uint8Array): readonly DecisionEntry[] {
  const parsed = parseJson(bytes);
  if ("value" in parsed && isDecisionsFile(parsed.value)) return parsed.value.decisions;
  const problems = "problem" in parsed ? [parsed.problem] : problemsIn(parsed.value);
  throw new PhotosyncError({
    kind: "user",
    code: "decisions.invalid",
    message: `${name} is no file of decisions: ${problems.join("; ")}. Nothing was decided.`,
    next: [
      'An answer is the number of an option, {"holder": NAME}, {"value": ...}, {"level": ...}, "combine", "same", "different" or "accept"; schemas/decisions.schema.json has it all.',
    ],
  });
}

/** The decisions in a file. Throws `decisions.invalid` and what `fileError` makes of a file that cannot be read. */
export async function readDecisionsFile(path: string): Promise<readonly DecisionEntry[]> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw fileError(error, path, "read");
  });
  return parseDecisions(path, bytes);
}

const fileExists = (path: string): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: "decisions.file-exists",
    message: `${path} is there already, maybe with answers in it, and was left alone.`,
    next: ["Choose another name, or remove it."],
  });

/** Throws `decisions.file-exists` (user) where something stands under that name. */
export async function refuseExisting(path: string): Promise<void> {
  const found = await lstat(path).catch(() => null);
  if (found !== null) throw fileExists(path);
}

/** Writes a file where there is none: answers that somebody has written down are never replaced. Throws `decisions.file-exists` (user). */
export async function writeQuestions(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: "wx" });
  } catch (error) {
    if (errnoOf(error) === "EEXIST") throw fileExists(path);
    await rm(path, { force: true }).catch(() => undefined);
    throw fileError(error, path, "write");
  }
}
