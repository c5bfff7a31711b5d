import type { Failed } from "./fault-point.js";
import { filesOf } from "./reachable.js";
import type { Stage } from "./stage.js";
import { staticSites } from "./static-sites.js";

const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  ["", head, head.map(() => "---"), ...rows]
    .map((row) => (typeof row === "string" ? row : `| ${row.join(" | ")} |`))
    .join("\n");

function counts(results: readonly Failed[]) {
  const reached = results.filter((result) => result.reached);
  return {
    faults: reached.length,
    sites: new Set(reached.map(({ target }) => target.site)),
    harmless: reached.filter((result) => result.harmless).length,
    broken: results.filter(({ problems }) => problems.length > 0).length,
  };
}

/** What was tried of each stage. */
export function stageTable(stages: readonly Stage[], all: readonly Failed[]): string {
  const row = (name: string, operations: number | string, results: readonly Failed[]) => {
    const { faults, sites, harmless, broken } = counts(results);
    return [name, operations, faults, sites.size, harmless, broken];
  };
  return table(
    ["stage", "operations", "failed in turn", "call sites", "of no consequence", "broken"],
    [
      ...stages.map(({ name, operations }) =>
        row(
          name,
          operations.length,
          all.filter(({ stage }) => stage === name),
        ),
      ),
      row("all", "", all),
    ],
  );
}

/** Of each command, how many call sites lie in files that it can load, and how many of them this and any command was tried at. */
export function commandTable(stages: readonly Stage[], all: readonly Failed[]): string {
  const everywhere = counts(all).sites;
  const known = [...staticSites().keys()];
  const rows = [...new Set(stages.map(({ command }) => command))].map((command) => {
    const files = filesOf(command);
    const within = known.filter((site) => files.has(site.split(":")[0] ?? ""));
    const names = new Set(stages.filter((stage) => stage.command === command).map(({ name }) => name));
    const { faults, sites, broken } = counts(all.filter(({ stage }) => names.has(stage)));
    const hit = (in_: ReadonlySet<string>) => within.filter((site) => in_.has(site)).length;
    return [command, within.length, hit(sites), hit(everywhere), faults, broken];
  });
  return table(
    [
      ...["command", "call sites in the files that it can load", "failed in this command"],
      ...["failed in any", "faults", "broken"],
    ],
    rows,
  );
}

/** Each call site that did not fail, and whether an undisturbed run came to it. */
export function unreachedList(stages: readonly Stage[], all: readonly Failed[]): string {
  const { sites } = counts(all);
  const known = staticSites();
  const comeTo = new Set(stages.flatMap(({ operations }) => operations.map(({ site }) => site)));
  const missed = [...known].filter(([site]) => !sites.has(site));
  const others = [...sites].filter((site) => !known.has(site));
  return [
    `\nCall sites in dist: ${known.size}; failed: ${known.size - missed.length}, and ${others.length} more that call through others. Not failed:`,
    ...missed.map(
      ([site, line]) =>
        `- ${site} \`${line}\`: ${comeTo.has(site) ? "come to, but not failed" : "NOT COME TO"}`,
    ),
    "",
  ].join("\n");
}
