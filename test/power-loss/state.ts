import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { encodeStat } from "../../src/control/git-index-stat.js";
import { type Choice, diskAfter, type Found } from "./model.js";
import { below, pick, type Random } from "./random.js";
import { INDEX_FILE, LIBRARY, type Scenario } from "./scenario.js";

/** What became of the index, whose writing is LMDB's own: it is disposable, and whatever is there must open. */
export type IndexFate = "last" | "next" | "absent" | "empty" | "cut" | "mixed";

/** As often as they stand here; a mixed one is tried by starting the program, which takes long. */
const OFTEN: readonly IndexFate[] = ["last", "next", "cut", "absent", "empty"];
const INDEX_FATES: readonly IndexFate[] = [...[OFTEN, OFTEN, OFTEN, OFTEN, OFTEN, OFTEN].flat(), "mixed"];

/** A state of the disk after a power cut. */
export interface CutState {
  readonly choice: Choice;
  /** How many steps had reported that they were done. */
  readonly done: number;
  readonly indexFate: IndexFate;
  /** Bytes of the index, or null for none. */
  readonly index: Buffer | null;
}

const PAGE = 4096;

/** Settles what the index holds after a cut in which `choice` was made. */
export function cutState(scenario: Scenario, choice: Choice, random: Random): CutState {
  const done = scenario.doneAt.filter((at) => at <= choice.cut).length;
  const last = scenario.indexes[done] ?? null;
  const next = scenario.indexes[done + 1] ?? last;
  const indexFate = pick(random, INDEX_FATES);
  const index = indexBytes(indexFate, last, next, random);
  return { choice, done, indexFate, index: index === null ? null : ofEarlierBoot(index) };
}

function indexBytes(
  fate: IndexFate,
  last: Buffer | null,
  next: Buffer | null,
  random: Random,
): Buffer | null {
  if (fate === "last") return last;
  if (fate === "absent") return null;
  if (fate === "empty") return Buffer.alloc(0);
  const whole = next ?? Buffer.alloc(0);
  if (fate === "next") return whole;
  if (fate === "cut") return whole.subarray(0, below(random, whole.length + 1));
  const mixed = Buffer.from(whole);
  for (let at = 0; at < mixed.length; at += PAGE) {
    if (random() < 0.5) continue;
    const page = mixed.subarray(at, at + PAGE).fill(0);
    if (last !== null && at < last.length) last.copy(page, 0, at, Math.min(at + PAGE, last.length));
  }
  return mixed;
}

/** The field after the number of the last transaction in LMDB's two meta pages (`MDB_meta`, `boot_id`, as lmdb-js builds it). */
const INDEX_BOOT = 160;
const INDEX_PAGE_SIZE = 48;

/** LMDB, too, knows by the boot which of its transactions a power cut may have torn. */
function ofEarlierBoot(index: Buffer): Buffer {
  const copy = Buffer.from(index);
  if (copy.length < INDEX_BOOT + 8) return copy;
  for (const page of [0, copy.readUInt32LE(INDEX_PAGE_SIZE)]) {
    if (page + INDEX_BOOT + 8 <= copy.length) copy.writeBigInt64LE(1n, page + INDEX_BOOT);
  }
  return copy;
}

/** Longer than a tick of the clock that file systems stamp files with. */
const TICK_MS = 12;

/**
 * Writes the disk of a state into an empty or missing folder. What a power cut leaves alone is made to fit: Git's
 * index remembers each file of the right size as if it were untouched, and the times in the journal lie after the
 * changes they speak of.
 */
export function buildState(scenario: Scenario, state: CutState, target: string): void {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const found = diskAfter(scenario.trace.base, scenario.trace.operations, state.choice);
  const stepOf = ({ changedAt }: Found) =>
    changedAt < 0 ? -1 : scenario.doneAt.filter((at) => at <= changedAt).length;
  for (const { path, bytes } of found) if (bytes === null) mkdirSync(join(target, path), { recursive: true });
  /** When the files of all steps so far had been written, by step. */
  const writtenBy = new Map<number, number>();
  for (let step = -1; step < scenario.steps.length; step++) {
    const files = found.filter((entry) => entry.bytes !== null && stepOf(entry) === step);
    for (const { path, bytes } of files) writeFileSync(join(target, path), bytes ?? "");
    if (files.length > 0) waitForTick();
    writtenBy.set(step, Date.now());
    if (files.length > 0) waitForTick();
  }
  if (state.index !== null && found.some(({ path }) => path === join(LIBRARY, ".photosync"))) {
    mkdirSync(dirname(join(target, INDEX_FILE)), { recursive: true });
    writeFileSync(join(target, INDEX_FILE), state.index);
  }
  settleGitIndex(join(target, LIBRARY), found);
  settleJournal(scenario, found, target, writtenBy);
}

function waitForTick(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, TICK_MS);
}

/** The system's stamps cannot be forged, so the index is written to remember those that the files have now. */
function settleGitIndex(library: string, found: readonly Found[]): void {
  const path = join(library, ".git", "index");
  const file = found.find((entry) => entry.path === join(LIBRARY, ".git", "index"))?.bytes;
  if (file === undefined || file === null || file.length === 0) return;
  const index = Buffer.from(file);
  // gitformat-index, version 2: 12 bytes, then entries of 62 bytes and a name, filled up to a multiple of eight.
  if (index.length < 32 || index.readUInt32BE(4) !== 2) return;
  // A torn one stays as it was torn: a new checksum would hide that.
  if (!checksumOf(index).equals(index.subarray(-20))) return;
  for (let count = index.readUInt32BE(8), at = 12; count > 0 && at + 62 < index.length; count--) {
    const end = index.indexOf(0, at + 62);
    const name = index.toString("utf8", at + 62, end);
    const stat = lstatSync(join(library, name), { bigint: true, throwIfNoEntry: false });
    const isKnown = index.readUInt32BE(at) !== 0;
    if (stat?.isFile() === true && isKnown && BigInt(index.readUInt32BE(at + 36)) === stat.size)
      encodeStat(stat, index.readUInt32BE(at + 24)).copy(index, at);
    at += Math.floor((end - at) / 8 + 1) * 8;
  }
  checksumOf(index).copy(index, index.length - 20);
  writeFileSync(path, index);
  const settled = (Date.now() + TICK_MS) / 1000;
  utimesSync(path, settled, settled);
}

const checksumOf = (index: Buffer): Buffer => createHash("sha1").update(index.subarray(0, -20)).digest();

/** `writtenByMs` tells our late writes from the owner's edits by the time: it speaks of the step that the journal is of. */
function settleJournal(
  scenario: Scenario,
  found: readonly Found[],
  target: string,
  writtenBy: ReadonlyMap<number, number>,
): void {
  const path = join(LIBRARY, ".photosync", "journal", "commit.json");
  const text = found.find((entry) => entry.path === path)?.bytes?.toString("utf8");
  if (text === undefined) return;
  const step = scenario.steps.findIndex(({ head }) => text.includes(`"commit":"${head}"`));
  const isFinished = text.includes('"state":"finished"');
  const time = writtenBy.get(isFinished ? step : step - 1) ?? writtenBy.get(-1) ?? 0;
  writeFileSync(join(target, path), text.replace(/"writtenByMs":[\d.]+/, `"writtenByMs":${time}`));
}
