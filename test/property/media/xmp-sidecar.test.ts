import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Metadata, PhotoDocument } from "../../../src/domain/photo.js";
import { isPersonsCaption } from "../../../src/infra/media/facts.js";
import { readXmpSidecar } from "../../../src/infra/media/read-xmp.js";
import { writeXmpSidecar } from "../../../src/infra/media/write-xmp.js";
import { photoDocument } from "../../fakes/fake-catalog.js";

/** What XML can hold at all, as a person would have it: without blanks around it. */
const tidy = (text: string): string =>
  text.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "").trim();

const word = fc
  .oneof(
    fc.string({ unit: "binary", minLength: 1, maxLength: 20 }),
    fc.constantFrom(
      '<b>&amp; "x"</b>',
      "a\r\nb",
      "]]>",
      "Zürich 🏔️",
      "&#65;",
      "--",
      "<?xml?>",
      "1",
      "007",
      "true",
    ),
  )
  .map(tidy)
  .filter((text) => text !== "");
const words = fc.uniqueArray(word, { maxLength: 4 });
const perhaps = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const two = (most: number) => fc.nat(most).map((n) => String(n).padStart(2, "0"));
const date = fc
  .tuple(
    fc.integer({ min: 1, max: 9999 }).map((year) => String(year).padStart(4, "0")),
    fc.integer({ min: 1, max: 12 }).map((n) => String(n).padStart(2, "0")),
    fc.integer({ min: 1, max: 28 }).map((n) => String(n).padStart(2, "0")),
    two(23),
    two(59),
    two(59),
    fc.constantFrom("", ".5", ".123456789"),
    fc.constantFrom("", "Z", "+05:45", "-08:00"),
  )
  .map(([y, m, d, h, i, s, part, zone]) => `${y}-${m}-${d}T${h}:${i}:${s}${part}${zone}`);
/** Seven decimals are a centimetre, which is what `discover` keeps; 0/0 means none there. */
const place = fc
  .record({
    lat: fc.integer({ min: -900_000_000, max: 900_000_000 }).map((n) => n / 1e7),
    lng: fc.integer({ min: -1_800_000_000, max: 1_800_000_000 }).map((n) => n / 1e7),
    altitude: perhaps(fc.integer({ min: -11_000_000, max: 9_000_000 }).map((n) => n / 1000)),
  })
  .filter(({ lat, lng }) => lat !== 0 || lng !== 0);

const present = <T extends object>(values: T): T =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;

const someDocument = fc
  .record({
    taken_date: fc.option(date, { nil: null }),
    title: perhaps(word),
    caption: perhaps(word.filter(isPersonsCaption)),
    location: perhaps(place.map(present)),
    tags: words,
    rating: perhaps(fc.integer({ min: -1, max: 5 })),
    make: perhaps(word),
    model: perhaps(word),
    people: words,
    albums: words,
    favorite: fc.boolean(),
    archived: fc.boolean(),
  })
  .map(({ people, albums, favorite, archived, make, model, ...said }): PhotoDocument => {
    const camera = present({ make, model });
    const metadata = present({
      filename: "IMG_1.jpg",
      ...said,
      ...(Object.keys(camera).length > 0 && { camera_info: camera }),
    }) as Metadata;
    return photoDocument({
      with: {
        metadata,
        ...(people.length > 0 && { people }),
        ...(albums.length > 0 && { albums }),
        ...(favorite && { favorite }),
        ...(archived && { archived }),
      },
    });
  });

describe("an XMP sidecar", () => {
  it("says what the document says, to photosync's own reader", () => {
    fc.assert(
      fc.property(someDocument, (document) => {
        const { facts } = readXmpSidecar(writeXmpSidecar(document, "IMG_1.jpg"));
        const { taken_date_from: _, ...read } = facts;
        const { filename, taken_date, tags, ...metadata } = document.metadata;
        const { albums, people, favorite, archived } = document;
        expect(read).toEqual(
          present({
            ...metadata,
            ...(taken_date !== null && { taken_date }),
            ...(tags.length > 0 && { tags }),
            ...{ albums, people, favorite, archived },
          }),
        );
      }),
    );
  });

  it("is the same each time, and tells a name that was made safe", () => {
    const document = photoDocument({ filename: "a:b.jpg" });
    const text = Buffer.from(writeXmpSidecar(document, "a_b.jpg"));
    expect(text).toEqual(Buffer.from(writeXmpSidecar(structuredClone(document), "a_b.jpg")));
    expect(text.toString()).toContain("<xmpMM:PreservedFileName>a:b.jpg<");
  });

  it("writes the minutes of a place below sixty, however near to the next degree it is", () => {
    const location = { lat: 39.99999999999, lng: -9.115 };
    const document = photoDocument({ with: { metadata: { ...photoDocument({}).metadata, location } } });
    const text = Buffer.from(writeXmpSidecar(document, "a.jpg")).toString();
    expect(text).toContain(">40,0.00000000N<");
    expect(text).toContain(">9,6.90000000W<");
  });
});
