import type { Facts, Json } from "../../src/domain/photo.js";
import { below, pick, type Random } from "../power-loss/random.js";

/** What three sources say of one field, how they came to differ, and what is right to do about it. */
export interface Difference {
  readonly field: "caption" | "title" | "taken_date" | "location" | "tags" | "people" | "albums";
  /** For the table. */
  readonly kind: string;
  /** The bytes' own words, Google's and Flickr's; absent where one says nothing. */
  readonly original?: Facts;
  /** The tags themselves, where the difference lies in these. */
  readonly originalRaw?: Readonly<Record<string, Json>>;
  readonly google?: Facts;
  readonly flickr?: Facts;
  /** Every value that would be right, or null where only a person can tell. Known from how the values were made. */
  readonly right: readonly Json[] | null;
}

interface Kind {
  readonly kind: string;
  /** How many of a thousand photos have it. */
  readonly of1000: number;
  readonly make: (random: Random) => Omit<Difference, "kind">;
}

const WHERE = ["Pont Neuf", "Lake Bled", "Grandma's garden", "the old harbour", "Zürich", "Café Müller"];
const WHO = ["Anna & Ben", "Mum and Dad", "the team", "José", "<3 Lea", "Zoë's class"];
const WHAT = ["waiting for the train", "after the storm", "at breakfast", "with the new kite", "in the snow"];
const sentence = (random: Random): string =>
  `${pick(random, WHO)} ${pick(random, WHAT)}, ${pick(random, WHERE)} ${1990 + below(random, 35)}`;
const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
const two = (n: number): string => String(n).padStart(2, "0");

const text = (
  field: "caption" | "title",
  kinds: readonly (readonly [string, number, (random: Random) => Omit<Difference, "kind" | "field">])[],
): readonly Kind[] =>
  kinds.map(([kind, of1000, make]) => ({ kind, of1000, make: (random) => ({ field, ...make(random) }) }));

const CAPTIONS = text("caption", [
  [
    "caption escaped as HTML",
    18,
    (random) => {
      const caption = `${sentence(random)} & "friends"`;
      return { original: { caption }, flickr: { caption: escaped(caption) }, right: [caption] };
    },
  ],
  [
    "caption with line breaks as <br>",
    8,
    (random) => {
      const [one, other] = [sentence(random), sentence(random)];
      const caption = `${one}\n${other}`;
      return {
        google: { caption },
        flickr: { caption: `${escaped(one)}<br />${escaped(other)}` },
        right: [caption],
      };
    },
  ],
  [
    "caption with stray white space",
    16,
    (random) => {
      const caption = sentence(random);
      return {
        original: { caption: `  ${caption.replace(" ", "  ")} ` },
        google: { caption },
        right: [caption],
      };
    },
  ],
  [
    "caption in another Unicode form",
    10,
    (random) => {
      const caption = `${sentence(random)} – Žluťoučký kůň`;
      return {
        original: { caption: caption.normalize("NFD") },
        flickr: { caption },
        right: [caption, caption.normalize("NFD")],
      };
    },
  ],
  [
    "caption cut off with an ellipsis",
    6,
    (random) => {
      const caption = `${sentence(random)}. ${sentence(random)}`;
      return {
        original: { caption },
        google: { caption: `${caption.slice(0, 30).trimEnd()}…` },
        right: [caption],
      };
    },
  ],
  [
    "caption added to",
    22,
    (random) => {
      const short = sentence(random);
      const caption = `${short}. ${sentence(random)}`;
      return { original: { caption: short }, flickr: { caption }, right: [caption] };
    },
  ],
  [
    "caption rewritten",
    12,
    (random) => ({
      original: { caption: sentence(random) },
      flickr: { caption: `Best day of the year ${below(random, 1000)}` },
      right: null,
    }),
  ],
  [
    "caption with a word corrected",
    5,
    (random) => {
      const caption = sentence(random);
      return {
        original: { caption },
        google: { caption: caption.replace(/\d{4}$/, String(1950 + below(random, 30))) },
        right: null,
      };
    },
  ],
]);

const TITLES = text("title", [
  [
    "title that repeats the file name",
    160,
    (random) => {
      const title = `${pick(random, WHERE)} ${pick(random, WHAT)}`;
      return {
        original: { title },
        flickr: { title: "IMG_4711" },
        google: { title: "IMG_4711.JPG" },
        right: [title],
      };
    },
  ],
  [
    "title of two people",
    8,
    (random) => ({
      original: { title: `${pick(random, WHERE)} I` },
      flickr: { title: `${pick(random, WHO)} ${below(random, 1000)}` },
      right: null,
    }),
  ],
]);

interface Moment {
  readonly clock: string;
  readonly utc: (zoneHours: number) => string;
}
function moment(random: Random): Moment {
  const ms = Date.UTC(
    2005 + below(random, 18),
    below(random, 12),
    1 + below(random, 28),
    5 + below(random, 14),
    below(random, 60),
    1 + below(random, 58),
  );
  const iso = (at: number) => new Date(at).toISOString().slice(0, 19);
  return { clock: iso(ms), utc: (zone) => `${iso(ms - zone * 3_600_000)}Z` };
}

const date = (
  kind: string,
  of1000: number,
  make: (random: Random) => Omit<Difference, "kind" | "field">,
): Kind => ({
  kind,
  of1000,
  make: (random) => ({ field: "taken_date", ...make(random) }),
});

/** One moment, told in two ways. */
export const FORMS_OF_DATES: readonly string[] = [
  "date as an instant without its zone",
  "date with a zone beside one without",
  "date with a fraction beside one without",
];

const DATES: readonly Kind[] = [
  date("date as an instant without its zone", 450, (random) => {
    const { clock, utc } = moment(random);
    const zone = pick(random, [1, 2, -5, -8, 9, 5]);
    return {
      original: { taken_date: clock },
      google: { taken_date: utc(zone) },
      flickr: { taken_date: clock },
      right: [clock],
    };
  }),
  date("date with a zone beside one without", 120, (random) => {
    const { clock, utc } = moment(random);
    const zone = pick(random, [1, 2]);
    const full = `${clock}+${two(zone)}:00`;
    return {
      original: { taken_date: full },
      google: { taken_date: utc(zone) },
      flickr: { taken_date: clock },
      right: [full],
    };
  }),
  date("date with a fraction beside one without", 140, (random) => {
    const { clock } = moment(random);
    const full = `${clock}.${two(1 + below(random, 98))}`;
    return { original: { taken_date: full }, flickr: { taken_date: clock }, right: [full] };
  }),
  date("only a day beside a full date", 12, (random) => {
    const { clock } = moment(random);
    return {
      original: { taken_date: clock },
      flickr: { taken_date: `${clock.slice(0, 10)}T00:00:00` },
      right: [clock],
    };
  }),
  date("the day of the scan beside the day of the picture", 10, (random) => {
    const { clock } = moment(random);
    const scanned = `2024-11-${two(1 + below(random, 28))}T10:11:12`;
    return {
      original: { taken_date: scanned, taken_date_from: "EXIF:CreateDate" },
      originalRaw: { "EXIF:Model": "Perfection V600", "EXIF:CreateDate": scanned.replace("T", " ") },
      google: { taken_date: clock },
      right: [clock],
    };
  }),
  date("a camera's clock a whole number of hours off", 8, (random) => {
    const { clock, utc } = moment(random);
    const hours = pick(random, [1, 2, 7]);
    const shifted = utc(-hours).replace("Z", "");
    return { original: { taken_date: clock }, flickr: { taken_date: shifted }, right: null };
  }),
  date("two known zones that disagree", 4, (random) => {
    const { clock } = moment(random);
    return {
      original: { taken_date: `${clock}+01:00` },
      google: { taken_date: `${clock}+02:00` },
      right: null,
    };
  }),
  date("a date that somebody put right", 6, (random) => {
    const [one, other] = [moment(random), moment(random)];
    return {
      original: { taken_date: one.clock },
      flickr: { taken_date: other.clock },
      right: one.clock === other.clock ? [one.clock] : null,
    };
  }),
  date("another day without a time", 3, (random) => {
    const { clock } = moment(random);
    const day = new Date(Date.parse(`${clock}Z`) + 3 * 86_400_000).toISOString().slice(0, 10);
    return { original: { taken_date: clock }, flickr: { taken_date: `${day}T00:00:00` }, right: null };
  }),
];

const degrees = (random: Random, range: number): number => Math.round((random() * 2 - 1) * range * 1e6) / 1e6;
const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
const PLACES: readonly Kind[] = [
  {
    kind: "place rounded",
    of1000: 120,
    make: (random) => {
      const [lat, lng] = [degrees(random, 60), degrees(random, 170)];
      return {
        field: "location",
        original: { location: { lat, lng } },
        flickr: { location: { lat: rounded(lat, 4), lng: rounded(lng, 4) } },
        right: [{ lat, lng }],
      };
    },
  },
  {
    kind: "place put elsewhere",
    of1000: 10,
    make: (random) => {
      const [lat, lng] = [degrees(random, 60), degrees(random, 170)];
      return {
        field: "location",
        original: { location: { lat, lng } },
        google: { location: { lat: rounded(lat + 0.02 + random(), 6), lng: rounded(lng - 0.03, 6) } },
        right: null,
      };
    },
  },
];

const WORDS = ["beach", "Kyoto", "night", "b&w", "family", "été", "train"];
function lists(random: Random): readonly [string[], string[], string[]] {
  const first = [`${pick(random, WORDS)} ${below(random, 9)}`, "common"];
  const second = ["common", `${pick(random, WORDS)} ${10 + below(random, 9)}`];
  return [first, second, [...new Set([...first, ...second])].sort()];
}
const list = (field: "tags" | "people" | "albums", of1000: number): Kind => ({
  kind: `${field} of two sources`,
  of1000,
  make: (random) => {
    const [mine, theirs, both] = lists(random);
    return { field, google: { [field]: mine }, flickr: { [field]: theirs }, right: [both] };
  },
});

/**
 * The ways in which sources differ. No study tells how often each happens; the shares are assumptions, of this kind: three
 * quarters of the photos have EXIF, which Google tells as an instant in UTC and Flickr as a clock, so that dates
 * differ in form on most; one photo in ten has a caption that two sources know, and nine captions in ten were written once and
 * carried over; titles are what uploaders make of file names unless somebody wrote one; whatever only a person can decide
 * took a person to make, on some photos of a hundred in all. The table gives each kind its own line, for other shares.
 */
const KINDS: readonly Kind[] = [
  ...CAPTIONS,
  ...TITLES,
  ...DATES,
  ...PLACES,
  list("tags", 60),
  list("people", 15),
  list("albums", 50),
];

/** The differences of one photo, at most one of each field; often none. */
export function differencesOf(random: Random): readonly Difference[] {
  const fields = new Map<string, Difference>();
  for (const { kind, of1000, make } of KINDS) {
    if (random() * 1000 >= of1000) continue;
    const difference = { kind, ...make(random) };
    if (!fields.has(difference.field)) fields.set(difference.field, difference);
  }
  return [...fields.values()];
}
