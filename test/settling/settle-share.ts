import type { Readings } from "../../src/domain/finding.js";
import { mergeFinding } from "../../src/domain/merge.js";
import type { Facts, Json, PhotoDocument } from "../../src/domain/photo.js";
import { resolveDocument } from "../../src/domain/resolve.js";
import { heldValue } from "../../src/domain/ruled-fields.js";
import { DEFAULT_RULES } from "../../src/domain/rules.js";
import { sameJson } from "../../src/domain/same-json.js";
import type { SeenVisibility } from "../../src/domain/visibility.js";
import { photoIdOf, sha256Of } from "../../src/infra/hash.js";
import { pick, type Random, randomFrom } from "../power-loss/random.js";
import { type Difference, differencesOf, FORMS_OF_DATES } from "./differences.js";

/** What became of the differences of one kind. */
export interface Share {
  settled: number;
  asked: number;
  /** Settled with a value that is not right, or at all where only a person can tell. */
  wrong: number;
}

/** What became of everything. */
export interface Shares {
  readonly photos: number;
  readonly kinds: ReadonlyMap<string, Share>;
  /** Each wrong settlement in words. */
  readonly wrong: readonly string[];
  /** Photos that more people may see than the narrowest source showed. */
  readonly widened: number;
}

/** From the fewest people to the most, whatever the program's own order is. */
const LEVELS = ["private", "friends", "public"] as const;
const NOW = "2026-01-02T03:04:05Z";
const SOURCES = ["folder", "google-photos", "flickr"] as const;

const rawOf = (differences: readonly Difference[]) =>
  Object.assign({}, ...differences.map(({ originalRaw }) => originalRaw ?? {}));

/** One picture that three sources hold, with what each says; read in a random order. */
function documentOf(
  nth: number,
  differences: readonly Difference[],
  seen: Readonly<Record<(typeof SOURCES)[number], SeenVisibility>>,
  random: Random,
): PhotoDocument {
  const hash = sha256Of(new TextEncoder().encode(`picture ${nth}`));
  const said = (key: "original" | "google" | "flickr"): Facts =>
    Object.assign({}, ...differences.map((one) => one[key] ?? {}));
  const readings: Readings = new Map([
    [
      hash,
      {
        media: { mime_type: "image/jpeg" },
        extension: "jpg",
        facts: said("original"),
        raw: rawOf(differences),
      },
    ],
  ]);
  const facts = { folder: null, "google-photos": said("google"), flickr: said("flickr") } as const;
  const order = SOURCES.map((source) => ({ source, at: random() })).sort((a, b) => a.at - b.at);
  let document: PhotoDocument | null = null;
  for (const { source } of order) {
    const file = {
      hash,
      filename: "IMG_4711.JPG",
      sizeBytes: 9,
      locations: [{ path: `/${source}/IMG_4711.JPG` }],
    };
    const own = facts[source];
    const instance = {
      id: `${source}-${nth}`,
      quality: "original" as const,
      visibility: seen[source],
      locations: file.locations,
      record: own === null ? null : { id: `${source}-${nth}`, facts: own, raw: {} },
    };
    const finding = { service: source, original: file, instances: [instance], variants: [] };
    const context = { now: NOW, defaultVisibility: "public" as const, photoId: photoIdOf(hash) };
    document = mergeFinding(document, finding, readings, context);
  }
  if (document === null) throw new Error("a photo has sources");
  return document;
}

/** Makes photos of three sources, resolves each with the rules of a new library, and holds the outcome against what is right. */
export function settleShares(photos: number, seed: number): Shares {
  const random = randomFrom(seed);
  const kinds = new Map<string, Share>();
  const wrong: string[] = [];
  let widened = 0;
  for (let nth = 0; nth < photos; nth += 1) {
    const differences = differencesOf(random);
    const seen = {
      folder: "unknown" as const,
      "google-photos": pick<SeenVisibility>(random, ["private", "unknown", "public"]),
      flickr: pick<SeenVisibility>(random, LEVELS),
    };
    const { document } = resolveDocument(documentOf(nth, differences, seen, random), {
      enabledRules: DEFAULT_RULES,
      now: NOW,
    });
    const shown = Object.values(seen).flatMap((level) =>
      level === "unknown" ? [] : [LEVELS.indexOf(level)],
    );
    if (LEVELS.indexOf(document.visibility.canonical) > Math.min(...shown)) widened += 1;
    for (const difference of differences) judge(document, difference, kinds, wrong);
  }
  return { photos, kinds, wrong, widened };
}

function judge(
  document: PhotoDocument,
  { field, kind, right, original, google, flickr }: Difference,
  kinds: Map<string, Share>,
  wrong: string[],
): void {
  const share = kinds.get(kind) ?? { settled: 0, asked: 0, wrong: 0 };
  kinds.set(kind, share);
  if (document.conflicts.some((conflict) => conflict.field === field)) {
    share.asked += 1;
    return;
  }
  const held: Json = heldValue(document, field) ?? null;
  const sorted = (value: Json): Json => (Array.isArray(value) ? value.toSorted() : value);
  if (right?.some((value) => sameJson(sorted(value), sorted(held)))) share.settled += 1;
  else {
    share.wrong += 1;
    wrong.push(`${kind}: ${JSON.stringify({ original, google, flickr })} became ${JSON.stringify(held)}`);
  }
}

/** Dates in another form are the most frequent difference and the easiest: what is left without them. */
const less = (sum: Share, kinds: readonly (readonly [string, Share])[]): Share =>
  kinds
    .filter(([kind]) => FORMS_OF_DATES.includes(kind))
    .reduce(
      (rest, [, { settled, asked, wrong }]) => ({
        settled: rest.settled - settled,
        asked: rest.asked - asked,
        wrong: rest.wrong - wrong,
      }),
      sum,
    );

const percent = (part: number, whole: number): string =>
  `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;

/** The measurement as a Markdown table. */
export function shareTable({ photos, kinds, widened }: Shares): string {
  const row = (name: string, { settled, asked, wrong }: Share): string => {
    const all = settled + asked + wrong;
    return `| ${name} | ${all} | ${settled} | ${asked} | ${percent(settled, all)} | ${wrong} |`;
  };
  const sum = [...kinds.values()].reduce(
    (a, b) => ({ settled: a.settled + b.settled, asked: a.asked + b.asked, wrong: a.wrong + b.wrong }),
    { settled: 0, asked: 0, wrong: 0 },
  );
  return [
    "| difference | of them | settled | asked | settled without a person | wrong |",
    "| --- | --- | --- | --- | --- | --- |",
    ...[...kinds].sort().map(([name, share]) => row(name, share)),
    row("all", sum),
    row("all but dates that differ in form alone", less(sum, [...kinds])),
    "",
    `${photos} photos of three sources; seen by more than before: ${widened}`,
  ].join("\n");
}
