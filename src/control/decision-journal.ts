import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { type Decision, questionId } from "../domain/settling/decision.js";
import { type DecisionEntry, decisionIn } from "../domain/settling/decision-entry.js";
import {
  errnoOf,
  fileError,
  makeFolderDurably,
  syncFolder,
  writeFileDurably,
} from "../infra/durable-file.js";
import { decisionJournalPath } from "./decision-journal-path.js";
import { parseJson } from "./records.js";
import { schemaErrors } from "./schemas.js";
import { writeFully } from "./write-fully.js";

const isEntry = (value: unknown): value is DecisionEntry =>
  schemaErrors("decisions", { decisions: [value] }).length === 0;

/** What a line says; null for one that a crash cut short, or that somebody damaged: it was never confirmed. */
function lineIn(text: string): Decision | { readonly takenBack: string } | null {
  const parsed = parseJson(new TextEncoder().encode(text));
  if ("problem" in parsed || typeof parsed.value !== "object" || parsed.value === null) return null;
  if ("taken_back" in parsed.value) {
    const { taken_back: id } = parsed.value;
    return typeof id === "string" ? { takenBack: id } : null;
  }
  if (!isEntry(parsed.value)) return null;
  const read = decisionIn(parsed.value, null, parsed.value.decided_at ?? "");
  return read.kind === "decision" ? read.decision : null;
}

/**
 * The decisions of sittings that no commit holds yet, by the ids of their questions, in the order in which they were made; none where
 * there is no journal. Throws what `fileError` makes of it.
 */
export function readDecisions(libraryRoot: string): ReadonlyMap<string, Decision> {
  const path = decisionJournalPath(libraryRoot);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return new Map();
    throw fileError(error, path, "read");
  }
  const waiting = new Map<string, Decision>();
  for (const line of text.split("\n")) {
    const read = line === "" ? null : lineIn(line);
    if (read === null) continue;
    const id = "takenBack" in read ? read.takenBack : questionId(read);
    waiting.delete(id);
    if (!("takenBack" in read)) waiting.set(id, read);
  }
  return waiting;
}

/** The journal of a sitting: what is told to it is durable when the call returns. */
export interface DecisionJournal {
  /** Adds decisions; a later one on the same question takes the place of the earlier. */
  add(decisions: readonly Decision[]): void;
  /** From now on nothing is decided on these questions. */
  takeBack(questionIds: readonly string[]): void;
}

/** Appends whole or not at all: of ten decisions that do not fit on the disk, none is left. */
function appendDurably(path: string, bytes: Uint8Array, write: typeof writeSync): void {
  const file = openSync(path, "a", 0o600);
  try {
    const { size } = fstatSync(file);
    try {
      writeFully(file, bytes, null, write);
      fsyncSync(file);
    } catch (error) {
      ftruncateSync(file, size);
      throw error;
    }
  } finally {
    closeSync(file);
  }
}

/**
 * Opens the journal for a sitting, whose lock has to be held. Both calls throw what `fileError` makes of a full disk and the like:
 * then nothing of what they were told counts. `write` is Node's own unless a test says otherwise.
 */
export async function openDecisionJournal(
  libraryRoot: string,
  write: typeof writeSync = writeSync,
): Promise<DecisionJournal> {
  const path = decisionJournalPath(libraryRoot);
  await makeFolderDurably(dirname(path)).catch((error: unknown) => {
    throw fileError(error, dirname(path), "create");
  });
  const append = (lines: readonly string[]): void => {
    if (lines.length === 0) return;
    try {
      // A line of its own, whatever a crash left at the end of the file.
      appendDurably(path, new TextEncoder().encode(lines.map((line) => `\n${line}`).join("")), write);
    } catch (error) {
      throw fileError(error, path, "write");
    }
  };
  // The name has to last as well: the file is there before the first decision.
  try {
    closeSync(openSync(path, "a", 0o600));
    await syncFolder(dirname(path));
  } catch (error) {
    throw fileError(error, path, "create");
  }
  return {
    add: (decisions) => append(decisions.map((decision) => JSON.stringify(decision))),
    takeBack: (ids) => append(ids.map((id) => JSON.stringify({ taken_back: id }))),
  };
}

/** Leaves only these decisions to wait, once a commit holds the others; durable when it resolves. */
export async function keepDecisions(libraryRoot: string, left: readonly Decision[]): Promise<void> {
  const path = decisionJournalPath(libraryRoot);
  if (left.length > 0) {
    const lines = left.map((decision) => `${JSON.stringify(decision)}\n`).join("");
    return writeFileDurably(path, new TextEncoder().encode(lines), { mode: 0o600 });
  }
  try {
    await rm(path, { force: true });
    await syncFolder(dirname(path));
  } catch (error) {
    throw fileError(error, path, "remove");
  }
}
