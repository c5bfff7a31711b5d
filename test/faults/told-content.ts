import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Which of several equal copies was met first settles these; the bytes, the values and who said them they do not touch. */
const BY_FIRST_MET = new Set([
  ...["photo_id", "canonical_source", "source_of_truth_path", "filename"],
  ...["blob_key", "key", "role"],
]);
/** What a photo holds once for its first bytes and once for each variant. */
const OF_BYTES = ["content_hash", "media", "instances", "replicas"] as const;

type Fields = Readonly<Record<string, unknown>>;

/**
 * A digest of what the documents in the working tree tell: which bytes belong together, every value, every source's words, every
 * copy, wherever the library lies; without the choices that depend on which of them an earlier, incomplete run had met.
 */
export async function toldContent(place: string): Promise<string> {
  const photos = join(place, "library", "photos");
  const names = await readdir(photos, { recursive: true }).catch(() => []);
  const told: string[] = [];
  for (const name of names.filter((each) => each.endsWith(".json"))) {
    const document: Fields = JSON.parse((await readFile(join(photos, name), "utf8")).replaceAll(place, ""));
    told.push(JSON.stringify(ordered(bytesTogether(document))));
  }
  return createHash("sha256").update(told.sort().join("\n")).digest("hex");
}

function bytesTogether(document: Fields): Fields {
  const variants = Array.isArray(document["variants"]) ? document["variants"] : [];
  const own = Object.fromEntries(OF_BYTES.map((field) => [field, document[field]]));
  const rest = Object.entries(document).filter(
    ([field]) => field !== "variants" && !OF_BYTES.some((each) => each === field),
  );
  return { ...Object.fromEntries(rest), bytes: [own, ...variants] };
}

/** Lists and keys in an order of their own; a first copy and the further ones side by side. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((part) => JSON.stringify(ordered(part))).sort();
  }
  if (typeof value !== "object" || value === null) return value;
  const { copies, ...first }: Fields = { ...value };
  if (Array.isArray(copies)) return ordered([first, ...copies]);
  const fields = Object.entries(first).filter(([field]) => !BY_FIRST_MET.has(field));
  return fields.sort(([a], [b]) => (a < b ? -1 : 1)).map(([field, part]) => [field, ordered(part)]);
}
