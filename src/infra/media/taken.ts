import type { Json } from "../../domain/photo.js";
import { type LocalDate, parseTakenDate } from "../../domain/taken-date.js";
import { iptcDateText, isBlankDate, readDateText, zoneText } from "./date-text.js";
import { sameClock, zoneBetween, zoneIn } from "./zone.js";

export type Tags = ReadonlyMap<string, Json>;

/** When a file says it was taken, where it says so, and what it says that is no date. */
export interface Taken {
  readonly date?: LocalDate;
  readonly from?: string;
  readonly warnings: readonly string[];
}

interface Candidate {
  readonly date: LocalDate;
  readonly from: string;
  readonly zoneFrom?: string;
  readonly isDayOnly: boolean;
}

interface ExifStamp {
  readonly tag: string;
  readonly fraction: string;
  readonly zone: string;
}

const EXIF_STAMPS: readonly ExifStamp[] = [
  { tag: "EXIF:DateTimeOriginal", fraction: "EXIF:SubSecTimeOriginal", zone: "EXIF:OffsetTimeOriginal" },
  { tag: "EXIF:CreateDate", fraction: "EXIF:SubSecTimeDigitized", zone: "EXIF:OffsetTimeDigitized" },
];
const EXIF_CHANGE: ExifStamp = {
  tag: "EXIF:ModifyDate",
  fraction: "EXIF:SubSecTime",
  zone: "EXIF:OffsetTime",
};

/** Dates in one text, best first, that stand between EXIF's and IPTC's. */
const CAPTURE_TEXTS = [
  "Keys:CreationDate",
  "ItemList:ContentCreateDate",
  "UserData:DateTimeOriginal",
  "UserData:ContentCreateDate",
  "H264:DateTimeOriginal",
  "RIFF:DateTimeOriginal",
  "CanonRaw:DateTimeOriginal",
  "XMP-exif:DateTimeOriginal",
  "XMP-photoshop:DateCreated",
  "XMP-exif:CreateDate",
  "XMP-xmp:CreateDate",
];
/** QuickTime's header time is UTC by its specification, though some cameras put their local clock there. */
const LATER_TEXTS = ["PNG:CreationTime", "QuickTime:CreateDate"];

function textOf(tags: Tags, tag: string): string | undefined {
  const value = tags.get(tag);
  return typeof value === "string" ? value.replaceAll("\0", "") : undefined;
}

class Stamps {
  readonly warnings: string[] = [];
  private readonly tags: Tags;

  constructor(tags: Tags) {
    this.tags = tags;
  }

  text(tag: string, value = textOf(this.tags, tag)): Candidate[] {
    if (value === undefined || value.trim() === "") return [];
    const read = isBlankDate(value) ? null : readDateText(value);
    if (read === null) {
      this.warnings.push(`${tag}: "${value.trim().slice(0, 40)}" is no date and was ignored`);
      return [];
    }
    return [{ ...read, from: tag }];
  }

  exif({ tag, fraction, zone }: ExifStamp): Candidate[] {
    return this.text(tag).map((candidate) => {
      let { date } = candidate;
      const digits = /^\s*(\d{1,9})\s*$/.exec(textOf(this.tags, fraction) ?? "")?.[1];
      if (digits !== undefined && /:\d\d$/.test(date) && date.length === 19) date = `${date}.${digits}`;
      const offset = zoneText(textOf(this.tags, zone) ?? "");
      const zoned = offset === undefined || zoneIn(date) !== undefined ? undefined : `${date}${offset}`;
      if (zoned === undefined || parseTakenDate(zoned) === null) return { ...candidate, date };
      return { ...candidate, date: zoned, zoneFrom: zone };
    });
  }

  iptc(): Candidate[] {
    const tag = "IPTC:DateCreated";
    const text = iptcDateText(textOf(this.tags, tag), textOf(this.tags, "IPTC:TimeCreated"));
    return text === undefined ? [] : this.text(tag, text);
  }

  /** The receiver's time, which is UTC by definition (Exif 3.0, GPSTimeStamp). */
  gps(): Candidate[] {
    const day = /^\s*(\d{4})[:-](\d{2})[:-](\d{2})/.exec(textOf(this.tags, "GPS:GPSDateStamp") ?? "");
    const clock = clockOf(this.tags.get("GPS:GPSTimeStamp"));
    if (day !== null && clock !== null) {
      const date = `${day[1]}-${day[2]}-${day[3]}T${clock}Z`;
      if (parseTakenDate(date) !== null) return [{ date, from: "GPS:GPSDateStamp", isDayOnly: false }];
    }
    const tag = "XMP-exif:GPSDateTime";
    return this.text(tag)
      .filter(({ isDayOnly }) => !isDayOnly)
      .map((candidate) =>
        zoneIn(candidate.date) ? candidate : { ...candidate, date: `${candidate.date}Z` },
      );
  }
}

/** Three rationals as `HH:MM:SS[.fraction]`. */
function clockOf(value: Json | undefined): string | null {
  if (!Array.isArray(value) || value.length !== 3) return null;
  const [hour, minute, second] = value.map((part: Json) => {
    if (!Array.isArray(part)) return Number.NaN;
    return Number(part[0]) / Number(part[1]);
  }) as [number, number, number];
  if (![hour, minute, second].every((part) => Number.isFinite(part) && part >= 0)) return null;
  const pad = (part: number): string => String(Math.floor(part)).padStart(2, "0");
  const milliseconds = Math.round((second % 1) * 1000) % 1000;
  const fraction = milliseconds === 0 ? "" : `.${String(milliseconds).padStart(3, "0").replace(/0+$/, "")}`;
  return `${pad(hour)}:${pad(minute)}:${pad(second)}${fraction}`;
}

/** The first stamp; where it knows only the day, another one of that day that knows the time. */
function withTime(captures: readonly Candidate[]): Candidate | undefined {
  const [first] = captures;
  if (first?.isDayOnly !== true) return first;
  const day = first.date.slice(0, 10);
  return captures.find(({ date, isDayOnly }) => !isDayOnly && date.startsWith(day)) ?? first;
}

/** A zone for a wall clock without one: from another stamp of the same moment, else from the receiver's time. */
function withZone(chosen: Candidate, others: readonly Candidate[], gps: readonly Candidate[]): Candidate {
  if (zoneIn(chosen.date) !== undefined || chosen.isDayOnly) return chosen;
  for (const other of others) {
    const zone = zoneIn(other.date);
    if (zone === undefined || zone === "Z" || !sameClock(chosen.date, other.date)) continue;
    return { ...chosen, date: `${chosen.date}${zone}`, zoneFrom: other.zoneFrom ?? other.from };
  }
  for (const fix of gps) {
    const zone = zoneBetween(chosen.date, fix.date);
    if (zone !== null) return { ...chosen, date: `${chosen.date}${zone}`, zoneFrom: `${fix.from} (UTC)` };
  }
  return chosen;
}

function describe({ from, zoneFrom, isDayOnly }: Candidate): string {
  return `${from}${isDayOnly ? " (day only, no time)" : ""}${zoneFrom === undefined ? "" : `, zone from ${zoneFrom}`}`;
}

/**
 * When the photo was taken. Stamps of the capture come first, then the receiver's time (an instant in UTC), and last
 * EXIF's and PNG's time of change, which is only as good as nobody having edited the file. A zone is taken from what
 * the file says, or from clock and receiver together; without either there is none.
 */
export function readTaken(tags: Tags): Taken {
  const stamps = new Stamps(tags);
  const captures = [
    ...EXIF_STAMPS.flatMap((stamp) => stamps.exif(stamp)),
    ...CAPTURE_TEXTS.flatMap((tag) => stamps.text(tag)),
    ...stamps.iptc(),
    ...LATER_TEXTS.flatMap((tag) => stamps.text(tag)),
  ];
  const changes = [...stamps.exif(EXIF_CHANGE), ...stamps.text("PNG:ModifyDate")];
  const gps = stamps.gps();
  const { warnings } = stamps;
  const best = withTime(captures) ?? gps[0];
  if (best !== undefined) {
    const dated = withZone(best, [...captures, ...changes], gps);
    return { date: dated.date, from: describe(dated), warnings };
  }
  const [change] = changes;
  if (change === undefined) return { warnings };
  return { date: change.date, from: `${describe(change)} (time of last change; no other date)`, warnings };
}
