/** Why the fault sweep does not come to a call site: by file, and where that says too little by a part of the line. */
const REASONS: readonly { readonly file: string; readonly part?: string; readonly why: string }[] = [
  {
    file: "cli/commands/demo.js",
    why: "`demo` makes a library of its own in the temporary folder, with the operations that are tried here",
  },
  { file: "operations/doctor.js", why: "only `doctor`, which reads" },
];

/** The reason, or that none is known. */
export function whyUnreached(site: string, line: string): string {
  const found = REASONS.find(
    ({ file, part }) => site.startsWith(`${file}:`) && (part === undefined || line.includes(part)),
  );
  return found?.why ?? "NOT EXPLAINED";
}
