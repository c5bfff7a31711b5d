import type { Ended } from "../cli/run-program.js";

/** The exit codes of a run that met trouble and is no defect. */
const EXITS: readonly (number | null)[] = [0, 2, 3, 10, 11, 12, 13, 14];

interface Answer {
  readonly ok?: unknown;
  readonly failures?: unknown;
  readonly error?: unknown;
}

/** What is wrong with how a run of `--json`, or one that prints text alone, told its end, in words; empty where it told it well. */
export function answerProblems({ exit, stdout, stderr }: Ended, tells?: "text"): readonly string[] {
  const problems: string[] = [];
  const said = `${stdout.slice(0, 800)} ${stderr.slice(0, 800)}`;
  if (!EXITS.includes(exit)) problems.push(`it ended in ${exit}: ${said}`);
  if (/\n\s+at .*[(:]\d+:\d+\)?/.test(stderr))
    problems.push(`a stack trace on stderr: ${stderr.slice(0, 800)}`);
  if (tells === "text") return problems;
  let answer: Answer;
  try {
    answer = JSON.parse(stdout);
  } catch {
    return [...problems, `no JSON on stdout: ${said}`];
  }
  const told = [answer.error, ...(Array.isArray(answer.failures) ? answer.failures : [])];
  for (const failure of told) {
    if (failure === undefined || failure === null) continue;
    const { code, hint } = failure as { readonly code?: unknown; readonly hint?: unknown };
    if (typeof code !== "string" || code === "bug.unexpected")
      problems.push(`it says ${String(code)}: ${said}`);
    if (typeof hint !== "string" || hint.trim() === "") problems.push(`no hint: ${said}`);
  }
  if (exit !== 0 && answer.ok !== false) problems.push(`it ended in ${exit} and says ok: ${said}`);
  return problems;
}
