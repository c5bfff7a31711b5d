/** What an error means for the person, and so for the exit code (src/cli/exit-codes.ts holds the mapping). */
export type ErrorKind =
  | "bug"
  | "user"
  | "partial"
  | "conflict"
  | "auth"
  | "transient"
  | "busy"
  | "integrity"
  | "cancelled";

export interface ErrorFacts {
  readonly kind: ErrorKind;
  /** Stable, dotted, for programs: `store.no-space`. Tests compare this, never the prose. */
  readonly code: string;
  /** What happened, to which photo or file. */
  readonly message: string;
  /** What to do next, in the imperative; commands where there are any. */
  readonly next?: readonly string[];
  /** Safe facts for `--verbose`; never a secret. */
  readonly data?: Readonly<Record<string, string | number | boolean>>;
  readonly cause?: unknown;
}

/** Every error that photosync raises on purpose. Anything else that is thrown is a defect (`bug`). */
export class PhotosyncError extends Error {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly next: readonly string[];
  readonly data: Readonly<Record<string, string | number | boolean>>;

  constructor(facts: ErrorFacts) {
    super(facts.message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = "PhotosyncError";
    this.kind = facts.kind;
    this.code = facts.code;
    this.next = facts.next ?? [];
    this.data = facts.data ?? {};
  }
}

/** One photo or file that could not be handled while the rest went on; printed and listed in `failures`. */
export interface Failure {
  readonly subject: string;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** Turns any thrown value into a listed failure of `subject`. Unknown errors get the code `bug.unexpected`. */
export function failureOf(subject: string, error: unknown): Failure {
  if (error instanceof PhotosyncError) {
    return { subject, code: error.code, message: error.message, hint: error.next.join(" ") };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    subject,
    code: "bug.unexpected",
    message,
    hint: "This is a defect of photosync: please report it with the output of the same command and --verbose.",
  };
}
