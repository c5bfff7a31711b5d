import type { Facts } from "../src/domain/photo.js";
import { isPersonsCaption } from "../src/infra/media/facts.js";
import type { ExiftoolFields, ExiftoolRecord } from "./exiftool-fields.js";

interface Difference {
  readonly left: ExiftoolFields;
  readonly right: ExiftoolFields;
  readonly record: ExiftoolRecord;
  readonly facts: Facts;
}

interface Rule {
  readonly why: string;
  readonly holds: (difference: Difference) => boolean;
}

const numbers = (place: string): readonly number[] => place.split(" ").map(Number);
const offGlobe = (place: string): boolean =>
  Math.abs(numbers(place)[0] ?? 0) > 90 || Math.abs(numbers(place)[1] ?? 0) > 180;
const near = (value: unknown, expected: number | undefined): boolean =>
  typeof value === "number" && expected !== undefined && Math.abs(value - expected) < 1e-4;

const TYPE_RULES: readonly Rule[] = [
  {
    why: "exiftool goes by the major brand alone; the compatible brands say HEIC",
    holds: ({ left, right }) => left.type === "heic" && right.type === "heif",
  },
  {
    why: "exiftool does not read files with this name; photosync goes by content",
    holds: ({ record }) => Object.keys(record).length === 0,
  },
];

const DATE_RULES: readonly Rule[] = [
  {
    why: "exiftool takes blanks between colons for a date; photosync ignores them with a warning",
    holds: ({ right }) => /^[\s:]+$/.test(right.date),
  },
  {
    why: "exiftool gives a year alone; photosync needs a day and goes on to the film's header",
    holds: ({ right }) => /^\d{4}$/.test(right.date),
  },
  {
    why: "exiftool drops the seconds of an AVI date in this form; they are in the file",
    holds: ({ left, right, record }) =>
      "RIFF:DateTimeOriginal" in record && left.date.slice(0, 16) === right.date.slice(0, 16),
  },
  {
    why: "this exiftool fails on the sidecar's UTF-16 (XMP character encoding error)",
    holds: ({ record }) => record["File:MIMEEncoding"] === "utf-16le" && !("XMP-xmp:CreateDate" in record),
  },
];

const ZONE_RULES: readonly Rule[] = [
  {
    why: "QuickTime's header time is UTC by its specification; exiftool prints it without a zone",
    holds: ({ left, facts }) => left.zone === "Z" && facts.taken_date_from === "QuickTime:CreateDate",
  },
  {
    why: "photosync takes the zone from the receiver's time (GPS, UTC) beside the camera's clock; exiftool does not",
    holds: ({ facts }) => / zone from (GPS|XMP-exif):\w+ \(UTC\)$/.test(facts.taken_date_from ?? ""),
  },
  {
    why: "photosync takes the zone from another stamp of the same moment in the file; exiftool does not",
    holds: ({ facts }) => /, zone from (XMP|IPTC|EXIF)/.test(facts.taken_date_from ?? ""),
  },
  {
    why: "IPTC cannot leave the zone out, so writers without one put +00:00; photosync does not believe it",
    holds: ({ left, right, facts }) =>
      left.zone === "" && right.zone === "+00:00" && (facts.taken_date_from ?? "").startsWith("IPTC:"),
  },
  ...DATE_RULES,
];

const CAMERA_RULES: readonly Rule[] = [
  {
    why: "exiftool -n gives the maker's number (0x1011) where it stands for Canon",
    holds: ({ left, right }) => left.camera === "Canon" && right.camera === "4113",
  },
];

const PLACE_RULES: readonly Rule[] = [
  {
    why: "0/0 is what receivers without a fix write; photosync takes no place from it and warns",
    holds: ({ left, right }) => left.place === "" && numbers(right.place).every((value) => value === 0),
  },
  {
    why: "the position is outside the globe; photosync takes none from it and warns",
    holds: ({ left, right }) => left.place === "" && offGlobe(right.place),
  },
  {
    why: "a coordinate of 0/0 rationals is no number; exiftool makes 0 of it, photosync takes no place and warns",
    holds: ({ left, right, facts }) =>
      left.place === "" &&
      numbers(right.place).includes(0) &&
      (facts.warnings ?? []).some((text) => text.startsWith("GPS: the position is incomplete")),
  },
  {
    why: "exiftool has the same coordinates in XMP but makes no Composite of them",
    holds: ({ right, record, facts }) =>
      right.place === "" &&
      near(record["XMP-exif:GPSLatitude"], facts.location?.lat) &&
      near(record["XMP-exif:GPSLongitude"], facts.location?.lng),
  },
];

const CAPTION_RULES: readonly Rule[] = [
  {
    why: "the camera wrote this text by itself into every picture; photosync keeps it in raw only",
    holds: ({ left, right }) => left.caption === "" && !isPersonsCaption(right.caption),
  },
  {
    why: "exiftool reads XMP from Canon's editing trailer behind a CRW, where only exiftool puts it",
    holds: ({ record, left }) => left.type === "crw" && "XMP-dc:Description" in record,
  },
];

const RULES: Readonly<Record<keyof ExiftoolFields, readonly Rule[]>> = {
  type: TYPE_RULES,
  date: DATE_RULES,
  zone: ZONE_RULES,
  camera: CAMERA_RULES,
  place: PLACE_RULES,
  caption: CAPTION_RULES,
};

/** Why the two readers differ in a field, or null where no rule knows. */
export function explain(
  field: keyof ExiftoolFields,
  left: ExiftoolFields,
  right: ExiftoolFields,
  record: ExiftoolRecord,
  facts: Facts,
): string | null {
  return RULES[field].find(({ holds }) => holds({ left, right, record, facts }))?.why ?? null;
}
