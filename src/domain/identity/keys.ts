import { byCodeUnit } from "../same-json.js";
import { parseTakenDate } from "../taken-date.js";
import type { Appearance } from "./appearance.js";
import { isOnlyDay } from "./capture-time.js";
import { isWorthLooking } from "./judge.js";
import { nameStem } from "./name-stem.js";

/** Two times that a zone can make one lie at most 15 hours apart by the clock. */
const WINDOW_S = 30 * 3600;
const QUARTER_HOUR_S = 900;
/** How many pictures under one key are compared; more are no evidence: a folder of one name, an hour of scans under one made-up time. */
export const CROWD = 64;

function timeKeys(date: string): readonly string[] {
  const parts = isOnlyDay(date) ? null : parseTakenDate(date);
  if (parts === null) return [];
  const seconds = Math.floor(parts.wallClockMs / 1000);
  const phase = ((seconds % QUARTER_HOUR_S) + QUARTER_HOUR_S) % QUARTER_HOUR_S;
  // Two rows of windows, half a window apart: whatever lies within half a window shares one of them.
  const [even, odd] = [Math.floor(seconds / WINDOW_S), Math.floor(seconds / WINDOW_S + 0.5)];
  return [`time:even:${even}:${phase}`, `time:odd:${odd}:${phase}`];
}

/**
 * The keys under which a picture is compared with others: its marks, its second within the quarter hour near its day (so that any
 * time zone still finds it), and its name. Two pictures that share none are never the same, and never compared.
 */
export function candidateKeys(appearance: Appearance): readonly string[] {
  const { filename, takenDate, marks } = appearance;
  const { stem, kind, whole } = nameStem(filename ?? "");
  return [
    ...marks.map((mark) => `mark:${mark}`),
    ...(takenDate === undefined ? [] : timeKeys(takenDate)),
    ...(whole === "" ? [] : [kind === "plain" ? `plain:${whole}` : `name:${stem}`]),
  ];
}

/** What finding candidates came to. */
export interface Candidates {
  /** Pairs worth a look, each once, by positions in the list given, the smaller first, in order. */
  readonly pairs: readonly (readonly [number, number])[];
  /** Keys that more pictures share than can be compared; each of these pictures is found by its other keys alone. */
  readonly crowded: readonly string[];
}

/**
 * The pairs of pictures that could be one. Takes time and memory in proportion to the pictures, not to their pairs: no
 * key's crowd of more than 64 is compared, and pairs that what is known without decoding rules out are left out.
 */
export function candidatePairs(appearances: readonly Appearance[]): Candidates {
  const holders = new Map<string, number[]>();
  appearances.forEach((appearance, at) => {
    if (appearance.kind !== "image") return;
    for (const key of new Set(candidateKeys(appearance))) {
      const known = holders.get(key);
      if (known === undefined) holders.set(key, [at]);
      else known.push(at);
    }
  });
  const seen = new Set<number>();
  const pairs: (readonly [number, number])[] = [];
  const crowded: string[] = [];
  for (const [key, crowd] of holders) {
    if (crowd.length > CROWD) {
      crowded.push(key);
      continue;
    }
    for (const [nth, left] of crowd.entries()) {
      for (const right of crowd.slice(nth + 1)) {
        const pair = left * appearances.length + right;
        const [a, b] = [appearances[left], appearances[right]];
        if (seen.has(pair) || a === undefined || b === undefined) continue;
        seen.add(pair);
        if (isWorthLooking(a, b)) pairs.push([left, right]);
      }
    }
  }
  return { pairs: pairs.sort(([a, b], [c, d]) => a - c || b - d), crowded: crowded.sort(byCodeUnit) };
}
