/** Why the fault sweep does not come to a call site: by file, and where that says too little by a part of the line. */
const REASONS: readonly { readonly file: string; readonly part?: string; readonly why: string }[] = [];

/** The reason, or that none is known. */
export function whyUnreached(site: string, line: string): string {
  const found = REASONS.find(
    ({ file, part }) => site.startsWith(`${file}:`) && (part === undefined || line.includes(part)),
  );
  return found?.why ?? "NOT EXPLAINED";
}
