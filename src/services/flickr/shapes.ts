import type { Json } from "../../domain/photo.js";
import { isJsonRecord, type JsonRecord } from "../../infra/json-value.js";

/** A number or text as text: Flickr gives one or the other for the same thing. Undefined for all else. */
export function textOf(value: Json | undefined): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" ? String(value) : undefined;
}

/** The text of `{"_content": "…"}`, or of a plain one. */
export const contentOf = (value: Json | undefined): string | undefined =>
  isJsonRecord(value) ? textOf(value["_content"]) : textOf(value);

/** A whole number that is not negative; undefined for all else. */
export function countOf(value: Json | undefined): number | undefined {
  const text = textOf(value);
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** 0 or 1, as number, text or boolean; undefined for all else, so that an unknown flag is never taken for a known one. */
export function flagOf(value: Json | undefined): boolean | undefined {
  if (typeof value === "boolean") return value;
  const text = textOf(value);
  return text === "1" ? true : text === "0" ? false : undefined;
}

/** One of Flickr's ids. Kept as text: those of sets are beyond what a number holds exactly. */
export function idOf(value: Json | undefined): string | undefined {
  if (typeof value === "number" && !Number.isSafeInteger(value)) return undefined;
  const text = textOf(value);
  return text !== undefined && /^\d{1,20}$/.test(text) ? text : undefined;
}

export const recordAt = (record: JsonRecord, key: string): JsonRecord => {
  const value = record[key];
  return isJsonRecord(value) ? value : {};
};

/** The objects of a list; undefined where there is none. */
export function listAt(record: JsonRecord, key: string): readonly JsonRecord[] | undefined {
  const value = record[key];
  if (!Array.isArray(value)) return undefined;
  const list: readonly Json[] = value;
  return list.filter(isJsonRecord);
}
