import { constants } from "node:fs";
import { getEnvironmentData, setEnvironmentData, threadId } from "node:worker_threads";
import { type CallSite, callSite } from "./call-site.mjs";
import { fdOf, type OpenFile, openFiles, openFlags, opensForChange, pathOf } from "./open-files.mjs";
import type { OperationKind } from "./operations.mjs";
import type { LoggedOperation, Settings, Target } from "./settings.mjs";
import { type WrittenBytes, writePosition, writtenBytes } from "./written-bytes.mjs";

/** One call of a file operation that the layer watches. */
export interface Operation {
  readonly logged: LoggedOperation;
  /** The path, descriptor or FileHandle it works on. */
  readonly subject: unknown;
  /** The descriptor of the open file it works on. */
  readonly fd: number | null;
  /** The arguments after the subject. */
  readonly rest: readonly unknown[];
  readonly written: WrittenBytes | null;
  readonly flags: number;
  readonly site: CallSite;
  /** This is the one to be hit. */
  readonly targeted: boolean;
  /** This is the one that fails before it. */
  readonly goesBefore: boolean;
}

const COUNTERS = "photosync-test-fs";
const COUNTER = { number: 0, change: 1, hit: 2, earlier: 3 } as const;

/** Counters that all threads of the process share; a worker gets them from the thread that started it. */
function sharedCounters(): Int32Array {
  const inherited = getEnvironmentData(COUNTERS);
  if (inherited instanceof SharedArrayBuffer) return new Int32Array(inherited);
  const buffer = new SharedArrayBuffer(4 * Int32Array.BYTES_PER_ELEMENT);
  // Node's types leave out what structured cloning shares.
  setEnvironmentData(COUNTERS, buffer as unknown as Parameters<typeof setEnvironmentData>[1]);
  return new Int32Array(buffer);
}

const counters = sharedCounters();
const occurrences = new Map<string, number>();
/** Who asked for a stream of a file: the stream opens it later, from nobody's code. */
const streamSites = new Map<string, CallSite>();

/** Remembers the caller as the one who opens `path`, because a stream will do it later. */
export function noteStream(path: unknown): void {
  const absolute = pathOf(path);
  if (absolute !== null) streamSites.set(absolute, callSite());
}

/** True once the target has been hit, in whatever thread. */
export const wasHit = (): boolean => Atomics.load(counters, COUNTER.hit) === 1;

const next = (counter: number): number => Atomics.add(counters, counter, 1) + 1;

function isBelow(path: string, roots: readonly string[]): boolean {
  return roots.some((root) => path === root || path.startsWith(`${root}/`));
}

const UNKNOWN: CallSite = { site: "", dependency: undefined };

function siteOf(path: string, open: OpenFile | undefined): CallSite {
  const here = callSite();
  if (here.site !== "") return here;
  const opener = open?.openedAt ?? streamSites.get(path);
  return opener === undefined
    ? here
    : { site: opener.site, dependency: here.dependency ?? opener.dependency };
}

function claims(target: Target, logged: LoggedOperation): boolean {
  let matches: boolean;
  if (target.by === "number") matches = target.number === logged.number;
  else if (target.by === "change") matches = target.number === logged.change;
  else {
    matches = target.site === logged.site && target.kind === logged.kind;
    if (matches) {
      const seen = (occurrences.get(logged.site) ?? 0) + 1;
      occurrences.set(logged.site, seen);
      matches = seen === target.occurrence;
    }
  }
  return matches && Atomics.compareExchange(counters, COUNTER.hit, 0, 1) === 0;
}

/** Whether this is the operation that is to fail before the target, which it does once. */
function isEarlier(settings: Settings, { site, kind }: LoggedOperation): boolean {
  const earlier = settings.mode === "fail" ? settings.earlier : undefined;
  if (earlier === undefined || earlier.site !== site || earlier.kind !== kind) return false;
  return Atomics.compareExchange(counters, COUNTER.earlier, 0, 1) === 0;
}

const isTargetsTurn = (settings: Settings): boolean =>
  settings.mode !== "fail" || settings.earlier === undefined || Atomics.load(counters, COUNTER.earlier) === 1;

/** The call as an operation, numbered; null where it does not concern a watched path. */
export function operationOf(
  { kind, subject: subjectIs, changes, twoPaths, bytesAt }: OperationKind,
  subject: unknown,
  rest: readonly unknown[],
  settings: Settings,
): Operation | null {
  const fd = subjectIs === "path" ? null : fdOf(subject);
  const open = fd === null ? undefined : openFiles.get(fd);
  const path = fd === null ? pathOf(subject) : (open?.path ?? null);
  const to = twoPaths === true ? pathOf(rest[0]) : null;
  if (path === null) return null;
  if (!isBelow(path, settings.roots) && (to === null || !isBelow(to, settings.roots))) return null;

  const flags = kind === "open" ? openFlags(rest[0]) : 0;
  const written = bytesAt === undefined ? null : writtenBytes(kind, rest);
  // Looking at the stack of every operation costs time that only some modes have a use for.
  const wantsSite = !("target" in settings) || settings.target.by === "site" || kind === "open";
  let site = wantsSite ? siteOf(path, open) : UNKNOWN;
  const logged: LoggedOperation = {
    number: next(COUNTER.number),
    change: changes || opensForChange(flags) ? next(COUNTER.change) : 0,
    kind,
    path,
    ...(to === null ? {} : { to }),
    site: site.site,
    ...(site.dependency === undefined ? {} : { dependency: site.dependency }),
    thread: threadId,
    ...(written !== null && written.bytes.length > 1 ? { carriesBytes: true } : {}),
  };
  const goesBefore = isEarlier(settings, logged);
  const targeted =
    "target" in settings && !goesBefore && isTargetsTurn(settings) && claims(settings.target, logged);
  if (targeted && site === UNKNOWN) {
    site = siteOf(path, open);
    Object.assign(logged, { site: site.site, dependency: site.dependency });
  }
  // Its number may be in use again before we hear that it was closed.
  if (kind === "close" && fd !== null) openFiles.delete(fd);
  return { logged, subject, fd, rest, written, flags, site, targeted, goesBefore };
}

/** Follows what is open, and where its next bytes go, after the operation succeeded. Returns where its bytes went. */
export function settle(operation: Operation, result: unknown): number | null {
  const { logged, subject, flags, site, written } = operation;
  if (logged.kind === "open") {
    const fd = fdOf(result);
    const append = (flags & constants.O_APPEND) !== 0;
    if (fd !== null) openFiles.set(fd, { path: logged.path, append, openedAt: site, position: 0 });
    return null;
  }
  const fd = fdOf(subject);
  const open = fd === null ? undefined : openFiles.get(fd);
  if (written === null) return null;
  const position = writePosition(logged.kind, subject, written.position);
  if (open !== undefined && written.position === null) open.position += lengthWritten(result, written);
  return position;
}

/** How many bytes a write says that it wrote; all of them where it does not say. */
export function lengthWritten(result: unknown, written: WrittenBytes): number {
  if (typeof result === "number") return result;
  const told =
    typeof result === "object" && result !== null && "bytesWritten" in result ? result.bytesWritten : null;
  return typeof told === "number" ? told : written.bytes.length;
}
