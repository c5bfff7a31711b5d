import { coordinatesOf } from "../../domain/agreement.js";
import { distinctNames } from "../../domain/fields.js";
import type { Json } from "../../domain/photo.js";
import { parseTakenDate } from "../../domain/taken-date.js";

/** What was typed, as a value; or why it is none. */
export type Typed = { readonly value: Json } | { readonly problem: string };

const isText = (value: Json): value is string => typeof value === "string";
const isParts = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** How a field's values are typed: as which text they start, and what a text means. */
interface FieldText {
  /** What to type, in one line. */
  readonly how: string;
  readonly write: (value: Json) => string;
  readonly read: (text: string) => Typed;
}

const plain: FieldText = {
  how: "Nothing at all takes it away.",
  write: (value) => (isText(value) ? value : ""),
  read: (text) => ({ value: text.trim() === "" ? null : text }),
};

const DATE = /^(\d{4}-\d{2}-\d{2})(?:[T ]+(\d{2}:\d{2})(:\d{2}(?:\.\d+)?)?)?\s*(Z|[+-]\d{2}:\d{2})?$/u;

const date: FieldText = {
  how: "As 2024-01-15 10:30:00, with +01:00 after it where you know the zone.",
  write: (value) =>
    isText(value) ? value.replace("T", " ").replace(/(?<=\d)([+-]\d{2}:\d{2})$/u, " $1") : "",
  read: (text) => {
    const trimmed = text.trim();
    if (trimmed === "") return { value: null };
    const [, day, time = "00:00", seconds = ":00", zone = ""] = DATE.exec(trimmed) ?? [];
    const value = `${day}T${time}${seconds}${zone}`;
    if (day !== undefined && parseTakenDate(value) !== null) return { value };
    return {
      problem: "That is no date. Write it as 2024-01-15 10:30:00, or with a zone: 2024-01-15 10:30:00 +01:00",
    };
  },
};

const quoted = (name: string): string =>
  /[",\n]|^\s|\s$/u.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
const NAMES = /\s*(?:"((?:[^"]|"")*)"|([^",]*))\s*(?:,|$)/uy;

const names: FieldText = {
  how: "With commas between them; what has a comma in it goes between quotation marks.",
  write: (value) => (Array.isArray(value) ? value.filter(isText).map(quoted).join(", ") : ""),
  read: (text) => {
    const found: string[] = [];
    NAMES.lastIndex = 0;
    while (NAMES.lastIndex < text.length) {
      const match = NAMES.exec(text);
      if (match === null)
        return { problem: 'A quotation mark is left open, or stands in the middle: write "like, this".' };
      found.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
    }
    return { value: distinctNames(found) };
  },
};

const place: FieldText = {
  how: "Degrees north and east, then the height in metres if known: 48.85837, 2.29448, 35",
  write: (value) => {
    const at = coordinatesOf(value);
    if (at === null || !isParts(value)) return "";
    const { altitude } = value;
    return [at.lat, at.lng, ...(typeof altitude === "number" ? [altitude] : [])].join(", ");
  },
  read: (text) => {
    if (text.trim() === "") return { value: null };
    const numbers = text
      .trim()
      .split(/\s*[,\s]\s*/u)
      .map((part) => (part === "" ? Number.NaN : Number(part)));
    const [lat = Number.NaN, lng = Number.NaN, altitude] = numbers;
    const isPlace =
      numbers.length <= 3 && numbers.every(Number.isFinite) && coordinatesOf({ lat, lng }) !== null;
    if (isPlace) return { value: altitude === undefined ? { lat, lng } : { lat, lng, altitude } };
    return { problem: "That is no place. Write degrees north and east: 48.85837, 2.29448" };
  },
};

const rating: FieldText = {
  how: "A whole number from 0 to 5; -1 for rejected.",
  write: (value) => (typeof value === "number" ? String(value) : ""),
  read: (text) => {
    if (text.trim() === "") return { value: null };
    if (/^(?:-1|[0-5])$/u.test(text.trim())) return { value: Number(text.trim()) };
    return { problem: "A rating is a whole number from 0 to 5, or -1 for rejected." };
  },
};

const CAMERA_PARTS = ["make", "model", "lens"];

const camera: FieldText = {
  how: "One line each (Ctrl-J starts a new one): make: Canon, model: EOS R5, lens: RF 35mm",
  write: (value) =>
    isParts(value)
      ? CAMERA_PARTS.flatMap((part) => (isText(value[part] ?? null) ? [`${part}: ${value[part]}`] : [])).join(
          "\n",
        )
      : "",
  read: (text) => {
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    if (lines.length === 0) return { value: null };
    const parts = lines.map((line) => /^\s*(make|model|lens)\s*:\s*(\S.*?)\s*$/u.exec(line));
    if (parts.includes(null)) return { problem: "Each line has to begin with make: or model: or lens:" };
    return { value: Object.fromEntries(parts.map((match) => [match?.[1] ?? "", match?.[2] ?? ""])) };
  },
};

const FIELDS: Readonly<Record<string, FieldText>> = {
  caption: plain,
  title: plain,
  taken_date: date,
  tags: names,
  people: names,
  albums: names,
  location: place,
  rating,
  camera_info: camera,
};

/** How values of a field are typed; null where they cannot be, as where pictures are in question. */
export const fieldText = (field: string): FieldText | null =>
  Object.hasOwn(FIELDS, field) ? (FIELDS[field] ?? null) : null;

/** A value as people read it. Line breaks stay; nothing is made safe yet. */
export function readableValue(field: string, value: Json): string {
  if (value === null) return "(none)";
  const text = fieldText(field)?.write(value) ?? "";
  if (text !== "") return text;
  if (isText(value)) return value === "" ? "(empty)" : value;
  if (Array.isArray(value) && value.length === 0) return "(none)";
  return JSON.stringify(value);
}
