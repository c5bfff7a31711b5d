import { resolve as absolute } from "node:path";
import type { Library } from "../app.js";
import { PhotosyncError } from "../domain/errors.js";
import type { DecisionEntry } from "../domain/settling/decision-entry.js";
import type { ResolveOptions } from "../operations/options.js";
import type { ResolveResult } from "../operations/results.js";
import type { Run } from "../ports/phase.js";
import type { GlobalFlags } from "./global-flags.js";
import type { LibraryJob } from "./perform.js";
import { renderResolve } from "./render/resolve-text.js";

/** Where questions go or answers come from: a file, or `-` for the process's own streams. */
export interface DecisionFiles {
  readonly exportTo?: string | undefined;
  readonly decisionsFrom?: string | undefined;
}

const STREAM = "-";

/**
 * The job that resolves by file: with answers from one, or with the questions that are left written to one. Written to standard
 * output, they take the place of the result.
 */
export function resolveByFile(
  flags: GlobalFlags,
  options: ResolveOptions,
  { exportTo, decisionsFrom }: DecisionFiles,
): LibraryJob<ResolveResult> {
  const toStream = exportTo === STREAM;
  let questions = "";
  return {
    flags,
    dryRun: options.dryRun,
    async operate(library, run) {
      if (decisionsFrom !== undefined)
        return library.resolve({ ...options, decisions: await decisionsIn(decisionsFrom) }, run);
      if (toStream && flags.json) throw twoOutputs();
      const { result, text } = await exported(library, options, exportTo ?? STREAM, run);
      questions = text;
      return result;
    },
    render: (result, view) => (toStream ? questions : renderResolve(result, view)),
  };
}

const twoOutputs = (): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: "usage.two-outputs",
    message: "--json and --export-conflicts - would both write to standard output.",
    next: ["Name a file to export to, or leave --json out: what is exported is JSON."],
  });

async function decisionsIn(from: string): Promise<readonly DecisionEntry[]> {
  const { parseDecisions, readDecisionsFile } = await import("../operations/decisions-file.js");
  if (from !== STREAM) return readDecisionsFile(absolute(from));
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return parseDecisions("Standard input", Buffer.concat(chunks));
}

async function exported(library: Library, options: ResolveOptions, file: string, run: Run) {
  const { refuseExisting, writeQuestions } = await import("../operations/decisions-file.js");
  const path = file === STREAM ? null : absolute(file);
  // Before anything is done: a slip in the name shall not cost a run.
  if (path !== null) await refuseExisting(path);
  const resolved = await library.resolve(options, run);
  const { text, questions } = await library.exportConflicts(run);
  if (path !== null) await writeQuestions(path, text);
  const result: ResolveResult = { ...resolved, exported: { file: path ?? STREAM, questions } };
  return { result, text };
}
