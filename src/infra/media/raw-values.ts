import type { Json } from "../../domain/photo.js";

const MOST_TEXT = 64 * 1024;
const MOST_TOTAL = 256 * 1024;

/** Cuts long texts, however deep they stand. */
function shorten(value: Json, cut: () => void): Json {
  if (typeof value === "string") {
    if (value.length <= MOST_TEXT) return value;
    cut();
    return value.slice(0, MOST_TEXT);
  }
  if (Array.isArray(value)) return value.map((item: Json) => shorten(item, cut));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shorten(inner, cut)]));
  }
  return value;
}

/**
 * The tags as a document may hold them: texts up to 64 Ki characters each, and values until their JSON reaches 256 Ki
 * characters in all. Adds a warning when something was cut or left out.
 */
export function boundedRaw(tags: ReadonlyMap<string, Json>, warnings: string[]): Record<string, Json> {
  const raw: Record<string, Json> = {};
  let total = 0;
  const cut = new Set<string>();
  for (const [name, value] of tags) {
    const short = shorten(value, () => cut.add(name));
    const size = name.length + JSON.stringify(short).length;
    if (total + size > MOST_TOTAL) cut.add(name);
    else {
      total += size;
      raw[name] = short;
    }
  }
  if (cut.size > 0) {
    const names = [...cut].slice(0, 5).join(", ");
    warnings.push(`${cut.size} long values were cut or left out of the record: ${names}`);
  }
  return raw;
}
