import { mkdtempSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PhotosyncError } from "../../src/domain/errors.js";
import { cleanError, type Target } from "./target.js";

/** An input may keep a parser busy this long, in processor time: other programs' load is not the parser's. */
export const MOST_MS = 1000;
/** An input of 64 KB may make a parser ask for this much at once. */
const MOST_BYTES = 160 * 1024 * 1024;

let largestBytes = 0;

/** Notes the largest single allocation: heap limits do not see buffers. */
export function watchAllocations(): void {
  for (const name of ["alloc", "allocUnsafe", "allocUnsafeSlow"] as const) {
    const original = Buffer[name].bind(Buffer);
    Buffer[name] = (size: number, ...rest: never[]) => {
      largestBytes = Math.max(largestBytes, size);
      return original(size, ...rest);
    };
  }
}

/** What running one input came to; `what` is null when every promise was kept. */
export interface Outcome {
  readonly what: string | null;
  readonly result: string;
}

const defectOf = (error: unknown): string => {
  if (!(error instanceof Error)) return `threw ${String(error)}`;
  const at = /\(?(?:file:\/\/)?[^\s(]*\/(src\/[^\s:)]+:\d+)/.exec(error.stack ?? "")?.[1] ?? "";
  const code = error instanceof PhotosyncError ? ` ${error.code}` : "";
  return `${error.name}${code}: ${error.message.slice(0, 160)}${at === "" ? "" : ` at ${at}`}`;
};

async function runOnce(target: Target, input: Buffer, scratch: string): Promise<Outcome> {
  largestBytes = 0;
  const before = process.cpuUsage();
  let result: string;
  try {
    // A copy each time: whoever changes its input would change what is reported.
    result = JSON.stringify(await target.run(Buffer.from(input), scratch)) ?? "undefined";
  } catch (error) {
    try {
      result = JSON.stringify(cleanError(error));
    } catch {
      return { what: defectOf(error), result: "" };
    }
  }
  const { user, system } = process.cpuUsage(before);
  const tookMs = (user + system) / 1000;
  if (tookMs > MOST_MS) return { what: `took longer than ${MOST_MS} ms`, result };
  if (largestBytes > MOST_BYTES) return { what: "asked for more than 160 MiB at once", result };
  if ("polluted" in {} || Object.hasOwn(Object.prototype, "title"))
    return { what: "prototype polluted", result };
  return { what: null, result };
}

/** A folder that is new for each process and the same for each input, on memory where the system offers that. */
export function scratchFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "photosync-fuzz-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Runs an input and checks all that is promised; slowness is believed only when it comes three times. */
export async function execute(
  target: Target,
  input: Buffer,
  scratch: string,
  current: number | null,
): Promise<Outcome> {
  if (current !== null) {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(input.length);
    writeSync(current, Buffer.concat([length, input]), 0, input.length + 4, 0);
  }
  let outcome = await runOnce(target, input, scratch);
  for (let again = 0; again < 2 && outcome.what?.startsWith("took longer") === true; again++)
    outcome = await runOnce(target, input, scratch);
  return outcome;
}

/** Whether a second run of the same input gives the same. */
export async function isRepeatable(target: Target, input: Buffer, scratch: string): Promise<boolean> {
  const [first, second] = [await runOnce(target, input, scratch), await runOnce(target, input, scratch)];
  return first.result === second.result;
}
