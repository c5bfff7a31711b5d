import { fdOf, openFiles } from "./open-files.mjs";

/** What an operation is asked to write, and where: null is the file's end or its present position. */
export interface WrittenBytes {
  readonly bytes: Buffer;
  readonly position: number | null;
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
const numberOr = <T,>(value: unknown, otherwise: T): number | T =>
  typeof value === "number" ? value : typeof value === "bigint" ? Number(value) : otherwise;
const encodingOf = (value: unknown): BufferEncoding =>
  typeof value === "string" && Buffer.isEncoding(value) ? value : "utf8";

function bufferOf(value: unknown): Buffer | null {
  return ArrayBuffer.isView(value) ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : null;
}

/** Reads the arguments from the bytes on (`[bytes, offset, length, position]` and its other forms); null for a stream. */
export function writtenBytes(kind: string, rest: readonly unknown[]): WrittenBytes | null {
  const [what, second, third, fourth] = rest;
  if (kind === "writev") {
    if (!Array.isArray(what)) return null;
    const parts = what.map((part: unknown) => bufferOf(part) ?? Buffer.alloc(0));
    return { bytes: Buffer.concat(parts), position: numberOr(second, null) };
  }
  if (kind === "writeFile" || kind === "appendFile") {
    const encoding = isObject(second) && "encoding" in second ? second.encoding : second;
    const bytes = typeof what === "string" ? Buffer.from(what, encodingOf(encoding)) : bufferOf(what);
    return bytes === null ? null : { bytes, position: null };
  }
  if (typeof what === "string") {
    return { bytes: Buffer.from(what, encodingOf(third)), position: numberOr(second, null) };
  }
  const whole = bufferOf(what);
  if (whole === null) return null;
  const named = isObject(second) ? second : null;
  const field = (name: string, plain: unknown): unknown =>
    named === null ? plain : Reflect.get(named, name);
  const offset = numberOr(field("offset", second), 0);
  const length = numberOr(field("length", third), whole.length - offset);
  return {
    bytes: whole.subarray(offset, offset + length),
    position: numberOr(field("position", fourth), null),
  };
}

/** Where in its file bytes without a position of their own begin; null is the end, whatever that is by then. */
export function writePosition(kind: string, subject: unknown, position: number | null): number | null {
  const fd = fdOf(subject);
  const open = fd === null ? undefined : openFiles.get(fd);
  if (open === undefined) return kind === "appendFile" ? null : 0;
  if (open.append) return null;
  return position ?? open.position;
}
