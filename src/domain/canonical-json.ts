import type {
  Facts,
  Instance,
  InstanceCopy,
  Joined,
  Metadata,
  PhotoDocument,
  SourceRecord,
  Variant,
} from "./photo.js";

/**
 * The order in which an object's known keys are printed, and what applies further in. Only names and their order
 * count; a key that is absent in a value is simply not printed.
 */
export interface KeyOrder {
  /** Known keys in printing order, each with the order inside its value. Others follow, sorted. */
  readonly keys?: Readonly<Record<string, KeyOrder>>;
  /** The order inside every element of an array, or inside every value of a map whose keys are all sorted. */
  readonly each?: KeyOrder;
}

/** Deeper values than any real document or sidecar; beyond it a hostile file could exhaust the stack. */
const DEEPEST = 500;

const PLAIN: KeyOrder = {};
const named = (...names: readonly string[]): KeyOrder => ({
  keys: Object.fromEntries(names.map((name) => [name, PLAIN])),
});
/** Checked against the type: a field that the type gains must be given its place here. */
const ordered = <T>(keys: Readonly<Record<keyof T & string, KeyOrder>>): KeyOrder => ({ keys });
const each = (inside: KeyOrder): KeyOrder => ({ each: inside });

const PLACE = named("lat", "lng", "altitude");
const CAMERA = named("make", "model", "lens");
const LOCATION = named("path", "entry");
const REPLICA = named("key", "verified_at");
const MEDIA = named(
  "mime_type",
  "bytes",
  "width",
  "height",
  "duration_seconds",
  "orientation",
  "perceptual_hash",
);
const COPY = {
  id: PLAIN,
  quality: PLAIN,
  last_sync: PLAIN,
  visibility: PLAIN,
  url: PLAIN,
  locations: each(LOCATION),
  bytes_stamp: PLAIN,
  gone_since: PLAIN,
};
const INSTANCE = ordered<Instance>({ ...COPY, copies: each(ordered<InstanceCopy>(COPY)) });
const FACTS = ordered<Facts>({
  taken_date: PLAIN,
  taken_date_from: PLAIN,
  filename: PLAIN,
  title: PLAIN,
  caption: PLAIN,
  location: PLACE,
  camera_info: CAMERA,
  tags: PLAIN,
  rating: PLAIN,
  people: PLAIN,
  albums: PLAIN,
  favorite: PLAIN,
  archived: PLAIN,
  trashed: PLAIN,
  ownership: PLAIN,
  warnings: PLAIN,
});
const METADATA = ordered<Metadata>({
  taken_date: PLAIN,
  filename: PLAIN,
  title: PLAIN,
  caption: PLAIN,
  location: PLACE,
  tags: PLAIN,
  camera_info: CAMERA,
  rating: PLAIN,
});
const RESOLUTION = named("field", "by", "rule", "value", "resolved_at");
const VARIANT = ordered<Variant>({
  content_hash: PLAIN,
  role: PLAIN,
  filename: PLAIN,
  joined: ordered<Joined>({
    by: PLAIN,
    at: PLAIN,
    reasons: PLAIN,
    was: named("canonical_source", "source_of_truth_path", "created_at"),
    with: PLAIN,
    settled: each(RESOLUTION),
  }),
  media: MEDIA,
  blob_key: PLAIN,
  instances: each(INSTANCE),
  replicas: each(REPLICA),
});

/** The key order of `PhotoDocument`: the order of its declaration in photo.ts, through all nested records. */
export const PHOTO_KEY_ORDER: KeyOrder = ordered<PhotoDocument>({
  schema_version: PLAIN,
  photo_id: PLAIN,
  content_hash: PLAIN,
  canonical_source: PLAIN,
  source_of_truth_path: PLAIN,
  blob_key: PLAIN,
  media: MEDIA,
  metadata: METADATA,
  albums: PLAIN,
  people: PLAIN,
  favorite: PLAIN,
  archived: PLAIN,
  trashed: PLAIN,
  ownership: PLAIN,
  visibility: ordered<PhotoDocument["visibility"]>({
    canonical: PLAIN,
    per_service: PLAIN,
    discrepancies: each(named("service", "current", "canonical")),
  }),
  processing_state: PLAIN,
  conflicts: each(named("type", "field", "description", "services", "values", "resolution_required")),
  resolutions: each(RESOLUTION),
  approvals: each(named("service", "visibility", "approved_by", "approved_at", "reason")),
  variants: each(VARIANT),
  instances: each(INSTANCE),
  replicas: each(REPLICA),
  sources: each(each(ordered<SourceRecord>({ id: PLAIN, facts: FACTS, raw: PLAIN }))),
  created_at: PLAIN,
  updated_at: PLAIN,
});

/** UTF-16 code units shifted so that surrogates sort after U+E000..U+FFFF, as their code points do. */
const rankOf = (unit: number): number =>
  unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit;

/** Compares by Unicode code point: the same on every machine and in every locale. Negative when `a` comes first. */
export function compareCodePoints(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at++) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left !== right) return rankOf(left) - rankOf(right);
  }
  return a.length - b.length;
}

/** Where UTF-16 units and code points may sort differently. */
const BEYOND_UNITS = /[\ud800-\uffff]/;

/** Sorted natively where that is the same as by code point, which is nearly always: documents are printed often. */
const sortKeys = (keys: string[]): string[] =>
  keys.some((key) => BEYOND_UNITS.test(key)) ? keys.sort(compareCodePoints) : keys.sort();

function keysOf(value: Readonly<Record<string, unknown>>, order: KeyOrder): readonly string[] {
  const { keys: known } = order;
  const present = Object.keys(value).filter((key) => value[key] !== undefined);
  if (known === undefined) return sortKeys(present);
  const first: string[] = [];
  for (const key in known) if (Object.hasOwn(value, key) && value[key] !== undefined) first.push(key);
  const rest = present.filter((key) => !Object.hasOwn(known, key));
  return rest.length === 0 ? first : [...first, ...sortKeys(rest)];
}

function isPlainObject(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function scalar(value: unknown): string | null {
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "number") return null;
  if (!Number.isFinite(value)) throw new RangeError(`JSON has no number ${value}`);
  return JSON.stringify(value);
}

interface Style {
  /** Text before each entry and before the closing bracket, for the depth that it stands at. */
  readonly breakAt: (depth: number) => string;
  readonly colon: string;
  /** Between the numbers of a measure, which stays on one line. */
  readonly numbers: string;
}

const BREAKS: readonly string[] = Array.from(
  { length: DEEPEST + 2 },
  (_, depth) => `\n${"  ".repeat(depth)}`,
);
const INDENTED: Style = { breakAt: (depth) => BREAKS[depth] ?? "\n", colon: ": ", numbers: ", " };
const COMPACT: Style = { breakAt: () => "", colon: ":", numbers: "," };

/** A measure such as EXIF's rationals: numbers, or lists of numbers, that mean something only together. */
const isMeasure = (value: unknown): value is readonly unknown[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((entry) => typeof entry === "number" || isMeasure(entry));

function printArray(values: readonly unknown[], order: KeyOrder, style: Style, depth: number): string {
  const inside = order.each ?? PLAIN;
  if (values.length === 0) return "[]";
  const onOneLine = isMeasure(values);
  const between = onOneLine ? style.numbers : `,${style.breakAt(depth + 1)}`;
  let text = onOneLine ? "[" : `[${style.breakAt(depth + 1)}`;
  for (let at = 0; at < values.length; at++) {
    text += at === 0 ? "" : between;
    text += print(values[at], inside, style, depth + 1);
  }
  return `${text}${onOneLine ? "" : style.breakAt(depth)}]`;
}

function printObject(
  value: Readonly<Record<string, unknown>>,
  order: KeyOrder,
  style: Style,
  depth: number,
): string {
  const gap = style.breakAt(depth + 1);
  let text = "";
  for (const key of keysOf(value, order)) {
    const known = order.keys !== undefined && Object.hasOwn(order.keys, key) ? order.keys[key] : order.each;
    const printed = print(value[key], known ?? PLAIN, style, depth + 1);
    text += `${text === "" ? "" : ","}${gap}${JSON.stringify(key)}${style.colon}${printed}`;
  }
  return text === "" ? "{}" : `{${text}${style.breakAt(depth)}}`;
}

function print(value: unknown, order: KeyOrder, style: Style, depth: number): string {
  const text = scalar(value);
  if (text !== null) return text;
  if (depth > DEEPEST) throw new RangeError(`JSON nested more than ${DEEPEST} deep`);
  if (Array.isArray(value)) return printArray(value, order, style, depth);
  if (typeof value !== "object" || value === null || !isPlainObject(value)) {
    throw new RangeError(`not a JSON value: ${typeof value}`);
  }
  return printObject(value, order, style, depth);
}

/**
 * The one text of a JSON value: two-space indent, each entry of an array or object on a line of its own (lists of
 * numbers alone stay on one), a final newline. Keys named in `order` come first in that order, all others after them by code point, so neither the order in
 * which a value was built nor the machine matters, and a changed value is a changed line. `undefined` fields are
 * left out and -0 is 0. Throws `RangeError` for NaN, infinities, what is no JSON value, and nesting over 500 deep.
 */
export const canonicalJson = (value: unknown, order: KeyOrder = PLAIN): string =>
  `${print(value, order, INDENTED, 0)}\n`;

/** The same value on one line without white space, all keys by code point: for digests. Throws as `canonicalJson`. */
export const compactCanonicalJson = (value: unknown): string => print(value, PLAIN, COMPACT, 0);
