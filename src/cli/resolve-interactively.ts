import type { Library } from "../app.js";
import type { ResolveOptions } from "../operations/options.js";
import type { ResolveResult } from "../operations/results.js";
import type { Run } from "../ports/phase.js";
import { environment } from "./environment.js";
import type { GlobalFlags } from "./global-flags.js";
import type { Screen } from "./perform.js";

/** How a person is to be asked, if one is there. */
export interface Asking {
  readonly flags: GlobalFlags & { readonly "no-input": boolean };
  readonly screen: Screen;
}

/** True where somebody sits at a terminal and may be asked. */
const isPersonThere = ({ json, "no-input": noInput }: Asking["flags"]): boolean =>
  process.stdin.isTTY === true && process.stderr.isTTY === true && !json && !noInput && !environment()["CI"];

/**
 * Resolves by rule, then puts what is left to the person at the terminal, and records what they decided in a commit of its own. Where
 * nobody can be asked it is left at the rules, and the result says how to answer by file. A sitting that is cut short
 * counts as far as it went: the next `resolve` records it.
 */
export async function resolveInteractively(
  library: Library,
  options: ResolveOptions,
  { flags, screen }: Asking,
  run: Run,
): Promise<ResolveResult> {
  const before = await library.resolve(options, run);
  if (!isPersonThere(flags)) return before;
  const { end, waiting, result } = await library.sit(
    options,
    async (sitting) => {
      screen.clear();
      // Ink, React and sharp are loaded for nobody else.
      const { askInTerminal } = await import("./ask-in-terminal.js");
      return askInTerminal(sitting, { noColor: flags["no-color"], clock: run.clock }, run);
    },
    run,
  );
  if (end === "interrupted") {
    if (waiting > 0)
      run.progress.note(`What you decided (${waiting}) is kept: the next \`photosync resolve\` records it.`);
    return { ...before, outcome: "cancelled" };
  }
  return result === null ? before : both(before, result);
}

/** What stands in the library after the rules and the sitting, and what both did. */
function both(before: ResolveResult, after: ResolveResult): ResolveResult {
  const told = new Set(after.failures.map(({ subject, code }) => `${subject} ${code}`));
  const earlier = before.failures.filter(({ subject, code }) => !told.has(`${subject} ${code}`));
  const auto_resolved = before.counts.auto_resolved + after.counts.auto_resolved;
  const decided = before.counts.decided + after.counts.decided;
  const { needs_human } = after.counts;
  return {
    ...after,
    commit: after.commit ?? before.commit,
    counts: {
      photos: Math.max(before.counts.photos, after.counts.photos),
      joined: before.counts.joined + after.counts.joined,
      asked: after.counts.asked,
      conflicts: auto_resolved + decided + needs_human,
      auto_resolved,
      needs_human,
      resolved: before.counts.resolved + after.counts.resolved,
      decided,
    },
    failures: [...earlier, ...after.failures],
    outcome: after.outcome === "done" && earlier.length > 0 ? "partial" : after.outcome,
  };
}
