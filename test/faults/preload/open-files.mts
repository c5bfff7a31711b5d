import fs from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { CallSite } from "./call-site.mjs";

/** A file that was opened through the layer. */
export interface OpenFile {
  readonly path: string;
  readonly append: boolean;
  readonly openedAt: CallSite;
  /** Where the next write without a position goes. */
  position: number;
}

/** What is open, by descriptor. */
export const openFiles = new Map<number, OpenFile>();

/** The absolute path of an argument that names a file by path, or null for anything else. */
export function pathOf(argument: unknown): string | null {
  if (typeof argument === "string") return resolve(argument);
  if (argument instanceof URL) return argument.protocol === "file:" ? fileURLToPath(argument) : null;
  return Buffer.isBuffer(argument) ? resolve(argument.toString("latin1")) : null;
}

/** The descriptor that a number or a FileHandle stands for. */
export function fdOf(argument: unknown): number | null {
  if (typeof argument === "number") return argument;
  if (typeof argument !== "object" || argument === null || !("fd" in argument)) return null;
  return typeof argument.fd === "number" ? argument.fd : null;
}

/** The `O_` flags of an `open`. */
export function openFlags(flags: unknown): number {
  if (typeof flags === "number") return flags;
  const text = typeof flags === "string" ? flags : "r";
  const { O_RDONLY, O_RDWR, O_WRONLY, O_CREAT, O_TRUNC, O_APPEND, O_EXCL } = fs.constants;
  const access = text.includes("+") ? O_RDWR : text.startsWith("r") ? O_RDONLY : O_WRONLY;
  const creates = text.startsWith("w") ? O_CREAT | O_TRUNC : text.startsWith("a") ? O_CREAT | O_APPEND : 0;
  return access | creates | (text.includes("x") ? O_EXCL : 0);
}

/** Whether opening so may make or empty a file. */
export const opensForChange = (flags: number): boolean =>
  (flags & (fs.constants.O_CREAT | fs.constants.O_TRUNC)) !== 0;
