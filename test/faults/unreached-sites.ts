/** Why the fault sweep does not come to a call site: by file, and where that says too little by a part of the line. */
const REASONS: readonly { readonly file: string; readonly part?: string; readonly why: string }[] = [
  {
    file: "cli/commands/demo.js",
    why: "`demo` makes a library of its own in the temporary folder, with the operations that are tried here",
  },
  { file: "cli/find-library.js", why: "looks for the library where --library is left out; writes nothing" },
  { file: "cli/tell-version.js", why: "`--version` alone; reads the program's own file" },
  {
    file: "control/git-repository.js",
    part: "gitdir:",
    why: "only in a working tree that `git worktree` has added; reads",
  },
  {
    file: "control/local-index.js",
    part: "rm(to",
    why: "only where another process writes to the index while a dry run copies it",
  },
  {
    file: "control/loose-objects.js",
    part: "rm(temp",
    why: "tidies up after another failure; its own is passed over",
  },
  { file: "control/schemas.js", part: "BUILT", why: "the program's own file" },
  {
    file: "infra/durable-file.js",
    part: ".catch(() => undefined)",
    why: "tidies up after another failure; its own is passed over",
  },
  { file: "operations/doctor.js", why: "only `doctor`, which reads" },
  { file: "operations/open-staging.js", part: "stagedPath", why: "only `doctor`, which reads" },
  { file: "operations/remembered-scans.js", part: "package.json", why: "the program's own file" },
  {
    file: "stores/set-aside.js",
    part: "isGone",
    why: "only where a file lies on another file system, or went away meanwhile",
  },
  { file: "stores/set-aside.js", part: "wx", why: "only on file systems without hard links" },
];

/** The reason, or that none is known. */
export function whyUnreached(site: string, line: string): string {
  const found = REASONS.find(
    ({ file, part }) => site.startsWith(`${file}:`) && (part === undefined || line.includes(part)),
  );
  return found?.why ?? "NOT EXPLAINED";
}
