import type { CommitRecord } from "../ports/control-plane.js";
import type { OperationSummary } from "./results.js";

/** What the commit of an operation says of it. */
export interface OperationMessage {
  readonly command:
    | "init"
    | "store"
    | "connect"
    | "discover"
    | "recover"
    | "resolve"
    | "replicate"
    | "verify"
    | "visibility"
    | "undo"
    | "forget";
  /** One line for people, without the command's name: `12 new, 3 updated`. */
  readonly summary: string;
  readonly base?: string;
  readonly planDigest?: string;
  readonly runId: string;
  readonly report?: string;
  readonly undoes?: string;
}

const TRAILERS = {
  command: "Photosync-Phase",
  base: "Base-Revision",
  planDigest: "Plan-Digest",
  runId: "Run-Id",
  report: "Photosync-Report",
  undoes: "Photosync-Undoes",
} as const;

/** How many digits of a commit name an operation; Git's own abbreviation grows to this in large repositories. */
export const OPERATION_ID_LENGTH = 12;

/** One line of a message: what a file or an owner's commit is called must not be taken for a line of ours. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();

/** The commit message: a subject that reads well in `git log --oneline`, and trailers that `git interpret-trailers` reads. */
export function formatMessage(message: OperationMessage): string {
  const trailers = Object.entries(TRAILERS).flatMap(([field, name]) => {
    const value = message[field as keyof typeof TRAILERS];
    return value === undefined ? [] : [`${name}: ${oneLine(value)}`];
  });
  return `${message.command}: ${oneLine(message.summary)}\n\n${trailers.join("\n")}\n`;
}

/** The value of a trailer. Trailers stand in the last paragraph; what is quoted further up speaks of other commits. */
function trailer(text: string, name: string): string | null {
  const lines = text.trimEnd().split(/\r?\n/);
  const last = lines.slice(lines.findLastIndex((line) => line.trim() === "") + 1);
  const found = last.find((line) => line.startsWith(`${name}: `));
  return found?.slice(name.length + 2).trim() || null;
}

/** What a commit tells of the operation it holds; one that photosync did not make has the command `edit`. */
export function parseOperation(
  commit: CommitRecord,
  undoneBy: ReadonlyMap<string, string>,
): OperationSummary {
  const subject = commit.message.split(/\r?\n/, 1)[0] ?? "";
  const command = trailer(commit.message, TRAILERS.command);
  return {
    id: commit.revision.slice(0, OPERATION_ID_LENGTH),
    revision: commit.revision,
    at: commit.committedAt,
    author: commit.author,
    command: command ?? "edit",
    summary:
      command !== null && subject.startsWith(`${command}: `) ? subject.slice(command.length + 2) : subject,
    undoes: trailer(commit.message, TRAILERS.undoes),
    undone_by: undoneBy.get(commit.revision) ?? null,
    report: trailer(commit.message, TRAILERS.report),
  };
}

/** Which commits are undone by which later ones, of those given newest first. An undone undo undoes nothing. */
export function undoneBy(commits: readonly CommitRecord[]): ReadonlyMap<string, string> {
  const undone = new Map<string, string>();
  for (const commit of commits) {
    const target = trailer(commit.message, TRAILERS.undoes);
    if (target !== null && !undone.has(commit.revision) && !undone.has(target))
      undone.set(target, commit.revision);
  }
  return undone;
}
