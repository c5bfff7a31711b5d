import { isRecord } from "../domain/is-record.js";
import { isDeeperThan } from "../domain/json-depth.js";
import type { Json } from "../domain/photo.js";

export type JsonRecord = { readonly [key: string]: Json };

/** True for a JSON object: neither null, a list, nor a plain value. */
export function isJsonRecord(value: Json | undefined): value is JsonRecord {
  return isRecord(value);
}

/** True for what `JSON.parse` can give and a document can hold. Walks without recursion, so that hostile nesting cannot exhaust the stack. */
function isJson(value: unknown): value is Json {
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    // 1e999 is read as infinity, which no document can spell again.
    if (typeof next === "number" && !Number.isFinite(next)) return false;
    if (next === null || ["string", "number", "boolean"].includes(typeof next)) continue;
    if (typeof next !== "object") return false;
    for (const inner of Object.values(next)) waiting.push(inner);
  }
  return true;
}

/** Sidecars nest five deep; whatever nests further than this was made to break its readers. */
const DEEPEST = 64;

/**
 * The JSON value that the bytes spell in UTF-8 (a byte order mark is fine), or null where they spell none, one nested
 * more than 64 deep, or a number beyond all bounds.
 */
export function parseJsonBytes(bytes: Uint8Array): { readonly value: Json } | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return isJson(value) && !isDeeperThan(value, DEEPEST) ? { value } : null;
  } catch {
    return null;
  }
}

/** The text under `key` where it is text with anything in it but spaces. */
export function textAt(record: JsonRecord, key: string): string | undefined {
  const value = record[key];
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}
