import { isRecord } from "./json-shape.js";

/** Which parts of a reply are wanted: `nextPageToken,files(id,name)`, `a/b`, `*`. */
type Mask = Map<string, Mask | null>;

/** Reads `fields`; null where it is not well formed. */
export function parseMask(words: string): Mask | null {
  let at = 0;
  const list = (): Mask | null => {
    const mask: Mask = new Map();
    for (;;) {
      const name = /^[A-Za-z0-9_*]+/.exec(words.slice(at))?.[0];
      if (name === undefined) return null;
      at += name.length;
      let inner: Mask | null = null;
      if (words[at] === "(") {
        at += 1;
        inner = list();
        if (inner === null || words[at] !== ")") return null;
        at += 1;
      } else if (words[at] === "/") {
        at += 1;
        const start = at;
        const deeper = list();
        // What follows a comma belongs to the outer list: read again only up to there.
        if (deeper === null) return null;
        const [first] = deeper;
        if (first === undefined) return null;
        inner = new Map([first]);
        at = start + endOfFirst(words.slice(start));
      }
      mask.set(name, inner);
      if (words[at] !== ",") return mask;
      at += 1;
    }
  };
  const mask = list();
  return at === words.length ? mask : null;
}

/** Where the first entry of a list ends: at the first comma or closing bracket that is not inside brackets. */
function endOfFirst(words: string): number {
  let depth = 0;
  for (let at = 0; at < words.length; at += 1) {
    if (words[at] === "(") depth += 1;
    if (words[at] === ")") depth -= 1;
    if (depth < 0 || (depth === 0 && words[at] === ",")) return at;
  }
  return words.length;
}

/** The value with only what the mask names. */
export function masked(value: unknown, mask: Mask | null): unknown {
  if (mask === null || mask.has("*")) return value;
  if (Array.isArray(value)) return value.map((one) => masked(one, mask));
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).filter(([name]) => mask.has(name));
  return Object.fromEntries(entries.map(([name, inner]) => [name, masked(inner, mask.get(name) ?? null)]));
}

/** Names at a place of the mask that are not among the known ones. */
export function unknownNames(mask: Mask, known: readonly string[]): readonly string[] {
  return [...mask.keys()].filter((name) => name !== "*" && !known.includes(name));
}
export type { Mask };
