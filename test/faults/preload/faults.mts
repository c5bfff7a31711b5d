import { constants } from "node:os";
import { fdOf, openFiles } from "./open-files.mjs";
import type { Operation } from "./operation.mjs";
import type { Errno } from "./settings.mjs";

/** The error that Node would make of a failed operation. */
export function errnoError(code: Errno, operation: Operation): Error {
  const { kind, path } = operation.logged;
  return Object.assign(new Error(`${code}: made to fail, ${kind} '${path}'`), {
    errno: -constants.errno[code],
    code,
    syscall: kind,
    path,
  });
}

/** Ends the process as `kill -9` does; nothing of it runs afterwards. */
export function killNow(): never {
  process.kill(process.pid, "SIGKILL");
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

type WriteSync = (
  fd: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
  position: number | null,
) => unknown;

/** Writes the first half of what the operation would have written, with functions that are not watched. */
export function writeHalf(
  operation: Operation,
  plain: {
    readonly writeSync: WriteSync;
    readonly writeFileSync: (path: string, bytes: Uint8Array, options: object) => void;
  },
): void {
  const { written, subject, logged, rest } = operation;
  if (written === null) return;
  const half = written.bytes.subarray(0, written.bytes.length >> 1);
  const fd = fdOf(subject);
  if (fd === null) {
    const options = typeof rest[1] === "object" && rest[1] !== null ? rest[1] : {};
    plain.writeFileSync(logged.path, half, { flag: logged.kind === "appendFile" ? "a" : "w", ...options });
    return;
  }
  const append = openFiles.get(fd)?.append === true;
  plain.writeSync(fd, half, 0, half.length, append ? null : written.position);
}

/** The arguments after the subject, changed so that only half of the bytes are read or written. */
export function halvedArguments(operation: Operation): readonly unknown[] {
  const { logged, written, rest } = operation;
  if (written !== null) {
    const half = written.bytes.subarray(0, Math.max(1, written.bytes.length >> 1));
    const callback = rest.filter((value) => typeof value === "function");
    if (logged.kind === "writev") return [[half], written.position, ...callback];
    return [half, 0, half.length, written.position, ...callback];
  }
  const [buffer, second, third, ...others] = rest;
  if (typeof second === "number" && typeof third === "number") {
    return [buffer, second, Math.max(1, third >> 1), ...others];
  }
  const options = ArrayBuffer.isView(buffer) ? second : buffer;
  if (typeof options !== "object" || options === null) return rest;
  const given: unknown = Reflect.get(options, "length");
  const target: unknown = ArrayBuffer.isView(buffer) ? buffer : Reflect.get(options, "buffer");
  const length = typeof given === "number" ? given : ArrayBuffer.isView(target) ? target.byteLength : 2;
  const halved = { ...options, length: Math.max(1, length >> 1) };
  return ArrayBuffer.isView(buffer) ? [buffer, halved, third, ...others] : [halved, second, third, ...others];
}

const NEEDS_ROOM = new Set([
  "write",
  "writev",
  "writeFile",
  "appendFile",
  "mkdir",
  "mkdtemp",
  "link",
  "symlink",
  "copyFile",
]);

/** Whether a full disk fails it. */
export const needsRoom = ({ logged }: Operation): boolean =>
  NEEDS_ROOM.has(logged.kind) || (logged.kind === "open" && logged.change > 0);
