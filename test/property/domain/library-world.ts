import fc from "fast-check";
import type { InstanceFound, PhotoFound, Reading, Readings } from "../../../src/domain/finding.js";

import type { Facts, Json, VariantRole } from "../../../src/domain/photo.js";
import type { SeenVisibility } from "../../../src/domain/visibility.js";
import { hashOf } from "../../unit/domain/photo-world.js";

/** The digit whose bytes are the photo's original in every world. */
export const ORIGINAL = "a";
const ROLES: Readonly<Record<string, VariantRole>> = {
  b: "edited",
  c: "motion",
  d: "lower-quality",
};
export const VARIANTS = Object.keys(ROLES);

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });

const dates = fc.constantFrom(
  "2024-01-15T10:30:00",
  "2024-01-15T18:30:00Z",
  "2024-01-15T10:30:00-08:00",
  "2024-01-15T17:30:00Z",
  "2024-01-15T00:00:00",
  "2019-06-01T12:00:00",
);
const texts = fc.constantFrom(
  "Sunset",
  " Sunset\r\n",
  "Café",
  "Cafe\u0301",
  "Beach",
  "Beach &amp; Sunset",
  "Beach & Sunset",
  "Beach &<br>Sunset",
  "a.jpg",
  "",
);
const places = fc.constantFrom(
  { lat: 37.7749, lng: -122.4194 },
  { lat: 37.77, lng: -122.41, altitude: 12 },
  { lat: 37.7751, lng: -122.4196, altitude: 15 },
  { lat: 48.85, lng: 2.35 },
);
const cameras = fc.constantFrom(
  { make: "Canon", model: "Canon EOS 5D" },
  { model: "EOS 5D", lens: "50mm" },
  { make: "Apple", model: "iPhone 14" },
);
const names = fc.subarray(["beach", "sea", "Sea", "Ada", "cafe\u0301", "café"]);

/** Facts of any source, from a small stock so that sources agree, half agree and disagree often. */
export const facts: fc.Arbitrary<Facts> = fc
  .record({
    taken_date: maybe(dates),
    caption: maybe(texts),
    title: maybe(texts),
    location: maybe(places),
    camera_info: maybe(cameras),
    tags: maybe(names),
    rating: maybe(fc.constantFrom(-1, 0, 3, 5)),
    albums: maybe(names),
    people: maybe(names),
    favorite: maybe(fc.boolean()),
    ownership: maybe(fc.constant("other" as const)),
  })
  .map((given) => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));

const readingFor = (digit: string): fc.Arbitrary<Reading> =>
  facts.map((said) => ({
    media: { mime_type: "image/jpeg" },
    extension: "jpg",
    facts: said,
    // Two of the bytes come from a scanner.
    raw: { bytes: digit, ...("ab".includes(digit) && { "EXIF:FileSource": said.rating === 3 ? 2 : 3 }) },
  }));

export const readings: fc.Arbitrary<Readings> = fc
  .tuple(...[ORIGINAL, ...VARIANTS].map(readingFor))
  .map(
    (all) => new Map([ORIGINAL, ...VARIANTS].map((digit, index) => [hashOf(digit), all[index] as Reading])),
  );

const seen: fc.Arbitrary<SeenVisibility> = fc.constantFrom("private", "friends", "public", "unknown");

const instance = (id: fc.Arbitrary<string>): fc.Arbitrary<InstanceFound> =>
  fc
    .record({
      id,
      quality: fc.constantFrom("original" as const, "unknown" as const),
      visibility: seen,
      path: fc.constantFrom("x/1.jpg", "y/1.jpg", "z.zip"),
      said: maybe(facts),
      views: fc.nat(3),
    })
    .map(({ id: name, quality, visibility, path, said, views }) => ({
      id: name,
      quality,
      visibility,
      locations: [{ path }],
      record:
        said === undefined
          ? null
          : {
              id: name,
              facts: said,
              raw: { words: JSON.stringify(said), imageViews: `${views}` } as Record<string, Json>,
            },
    }));

const file = (digit: string): PhotoFound["original"] => ({
  hash: hashOf(digit),
  filename: `${digit}.jpg`,
  sizeBytes: 10,
  locations: [{ path: `${digit}.jpg` }],
});

function findingWith(digits: fc.Arbitrary<string>, ids: fc.Arbitrary<string>): fc.Arbitrary<PhotoFound> {
  return fc
    .record({
      service: fc.constantFrom("flickr", "folder", "google-photos"),
      digit: digits,
      instances: fc.array(instance(ids), { minLength: 1, maxLength: 2 }),
      variants: fc.subarray(VARIANTS, { maxLength: 2 }),
      theirs: fc.array(instance(ids), { minLength: 2, maxLength: 2 }),
    })
    .map(({ service, digit, instances, variants, theirs }) => ({
      service,
      original: file(digit),
      instances,
      variants: variants
        .filter((variant) => variant !== digit)
        .map((variant, index) => ({
          role: ROLES[variant] ?? "other",
          file: file(variant),
          instances: theirs.slice(index, index + 1),
        })),
    }));
}

const withAllVariants = (first: PhotoFound): PhotoFound => ({
  ...first,
  variants: VARIANTS.map((digit) => ({ role: ROLES[digit] ?? "other", file: file(digit), instances: [] })),
});

const someIds = fc.constantFrom("1", "2", "3");

/** A history of findings of one photo: the first brings every file, later ones repeat ids with old and new words. */
export const history: fc.Arbitrary<{ readonly first: PhotoFound; readonly rest: readonly PhotoFound[] }> =
  fc.record({
    first: findingWith(fc.constant(ORIGINAL), someIds).map(withAllVariants),
    rest: fc.array(findingWith(fc.constantFrom(ORIGINAL, ...VARIANTS), someIds), { maxLength: 4 }),
  });

const renamed = (finding: PhotoFound, number: number): PhotoFound => {
  let next = 0;
  const fresh = (one: InstanceFound): InstanceFound => {
    next += 1;
    const id = `${number}-${next}`;
    return { ...one, id, record: one.record && { ...one.record, id } };
  };
  return {
    ...finding,
    instances: finding.instances.map(fresh),
    variants: finding.variants.map((variant) => ({ ...variant, instances: variant.instances.map(fresh) })),
  };
};

/** A history in which every instance has its own id, and a permutation of what follows the first finding. */
export const shuffledHistory = history.chain(({ first, rest }) => {
  const findings = rest.map((finding, index) => renamed(finding, index + 1));
  return fc
    .shuffledSubarray(findings, { minLength: findings.length })
    .map((shuffled) => ({ first: renamed(first, 0), rest: findings, shuffled }));
});

/** Findings of one photo that all begin with its original; ids come again with old and new words. */
export const sightings: fc.Arbitrary<readonly PhotoFound[]> = fc.array(
  findingWith(fc.constant(ORIGINAL), someIds),
  { minLength: 1, maxLength: 5 },
);

/** Sightings in two orders that differ in the order of services alone: each service says its things one after another in both. */
export const reorderedServices = sightings
  .chain((findings) =>
    fc.tuple(
      fc.constant(findings),
      fc.shuffledSubarray([...findings.keys()], { minLength: findings.length }),
    ),
  )
  .map(([findings, order]) => {
    const turns = new Map<string, PhotoFound[]>();
    for (const finding of findings)
      turns.set(finding.service, [...(turns.get(finding.service) ?? []), finding]);
    const reordered = order.flatMap((at) => turns.get(findings[at]?.service ?? "")?.shift() ?? []);
    return { findings, reordered };
  });
