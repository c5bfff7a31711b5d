/** What the name of one downloaded part tells. */
export interface PartName {
  /** Equal for every part of one export: `takeout-20260601t101112z`. */
  readonly exportId: string;
  /** The numbering that the part belongs to: the export, and the middle number of the newer `-1-001` form. */
  readonly series: string;
  readonly number: number;
}

/** `takeout-20260601T101112Z-001.zip`, `…-1-001.tgz`, unpacked folders of that name, and browsers' ` (1)` copies. */
const PART = /^(takeout-\d{8}T\d{6}Z)(-\d+)?-(\d{3,})(?: ?\(\d+\))?(?:\.(?:zip|tgz|tar\.gz|tar))?$/i;

/** Reads the name of an archive part (no folders before it), or null for a name that Takeout does not give. */
export function parsePartName(name: string): PartName | null {
  const match = PART.exec(name);
  if (match?.[1] === undefined || match[3] === undefined) return null;
  const exportId = match[1].toLowerCase();
  return { exportId, series: `${exportId}${match[2] ?? ""}`, number: Number(match[3]) };
}

/**
 * One sentence for each series of parts with a gap in its numbers. Parts after the highest one given cannot be
 * known to exist. A missing part is normal: what is there is kept, and a later run completes it.
 */
export function missingPartNotes(names: Iterable<string>): string[] {
  const seen = new Map<string, Set<number>>();
  for (const name of names) {
    const part = parsePartName(name);
    if (part === null) continue;
    const numbers = seen.get(part.series) ?? new Set<number>();
    numbers.add(part.number);
    seen.set(part.series, numbers);
  }
  return [...seen]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([series, numbers]) => gapNote(series, numbers));
}

/** Beyond this many numbers the list says nothing to a person any more. */
const LISTED_GAPS = 20;

function gapNote(series: string, numbers: ReadonlySet<number>): string[] {
  const highest = [...numbers].reduce((a, b) => Math.max(a, b), 0);
  const missingCount = highest - [...numbers].filter((number) => number >= 1).length;
  if (missingCount <= 0) return [];
  const listed: string[] = [];
  for (let number = 1; number <= highest && listed.length < LISTED_GAPS; number += 1) {
    if (!numbers.has(number)) listed.push(String(number).padStart(3, "0"));
  }
  const more = missingCount > listed.length ? ` and ${missingCount - listed.length} more` : "";
  return [
    `${series}: ${listed.join(", ")}${more} not among the parts given; photos and sidecars in there are ` +
      "missing until a later run reads them.",
  ];
}
