import type { Json } from "../../domain/photo.js";
import type { OpenQuestion } from "../../domain/settling/decision.js";
import { shown } from "../../text/lines.js";
import type { Span } from "../cells.js";
import { differences, type Piece } from "./differences.js";
import { readableValue } from "./field-text.js";

/** Text from outside made safe line by line: its own line breaks stay. */
export const safeLines = (text: string): string =>
  text.replace(/\r\n?/gu, "\n").split("\n").map(shown).join("\n");

const isNames = (value: Json): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === "string");

/** Lists by their names: one differs where not every list has it. */
function nameParts(lists: readonly (readonly string[])[]): readonly (readonly Piece[])[] {
  return lists.map((list) =>
    list.flatMap((name, index): readonly Piece[] => {
      const differs = !lists.every((other) => other.includes(name));
      return [...(index === 0 ? [] : [{ text: ", ", differs: false }]), { text: name, differs }];
    }),
  );
}

/**
 * The values that are held, as they are shown: what differs is marked, by a look of its own and where there is no colour by brackets,
 * too. In the order of `held`.
 */
export function heldSpans({ held, field }: OpenQuestion, color: boolean): readonly (readonly Span[])[] {
  const values = held.map(({ value }) => value);
  const pieces =
    values.every(isNames) && values.every((list) => list.length > 0)
      ? nameParts(values)
      : differences(values.map((value) => readableValue(field, value)));
  return pieces.map((own) => own.flatMap((piece) => spansOf(piece, color)));
}

function spansOf({ text, differs }: Piece, color: boolean): readonly Span[] {
  const safe = safeLines(text);
  if (!differs) return [{ text: safe }];
  // A line break that differs could not be seen otherwise.
  const visible = safe.replaceAll("\n", "↵\n");
  return [{ text: color ? visible : `[${visible}]`, style: "differs" }];
}

/** Any value of a question's field in words, safe to print, on one line. */
export const valueInLine = (field: string, value: Json): string =>
  shown(readableValue(field, value).replace(/\s+/gu, " "));
