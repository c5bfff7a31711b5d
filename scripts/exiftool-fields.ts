/** One file's record of `exiftool -j -G1 -n`. */
export type ExiftoolRecord = Readonly<Record<string, unknown>>;

/** The compared fields as texts; empty where there is none. */
export interface ExiftoolFields {
  readonly type: string;
  /** Wall clock to the second. */
  readonly date: string;
  readonly zone: string;
  readonly camera: string;
  /** Latitude and longitude to four decimals, about ten metres. */
  readonly place: string;
  readonly caption: string;
}

const DATES = [
  "Composite:SubSecDateTimeOriginal",
  "ExifIFD:DateTimeOriginal",
  "IFD0:DateTimeOriginal",
  "Composite:SubSecCreateDate",
  "ExifIFD:CreateDate",
  "Keys:CreationDate",
  "ItemList:ContentCreateDate",
  "UserData:DateTimeOriginal",
  "UserData:ContentCreateDate",
  "H264:DateTimeOriginal",
  "RIFF:DateTimeOriginal",
  "CanonRaw:DateTimeOriginal",
  "XMP-exif:DateTimeOriginal",
  "XMP-photoshop:DateCreated",
  "XMP-exif:DateTimeDigitized",
  "XMP-xmp:CreateDate",
  "Composite:DateTimeCreated",
  "PNG:CreationTime",
  "QuickTime:CreateDate",
  "Composite:GPSDateTime",
  "XMP-exif:GPSDateTime",
  "IFD0:ModifyDate",
  "PNG:ModifyDate",
];
const MAKES = [
  "IFD0:Make",
  "XMP-tiff:Make",
  "Keys:Make",
  "UserData:Make",
  "CanonRaw:Make",
  "H264:Make",
  "RIFF:Make",
];
const MODELS = [
  "IFD0:Model",
  "XMP-tiff:Model",
  "Keys:Model",
  "UserData:Model",
  "CanonRaw:Model",
  "RIFF:Model",
];
const CAPTIONS = [
  "IFD0:ImageDescription",
  "IPTC:Caption-Abstract",
  "XMP-dc:Description",
  "ItemList:Description",
  "ExifIFD:UserComment",
  "PNG:Description",
  "PNG:Comment",
];
const TYPES: Readonly<Record<string, string>> = { jpeg: "jpg", tiff: "tif", m2ts: "mts" };

function first(record: ExiftoolRecord, names: readonly string[]): string {
  for (const name of names) {
    const value = record[name];
    const text = typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
    if (text !== "" && !text.startsWith("0000:00:00")) return text;
  }
  return "";
}

/** exiftool's answer to each compared question, taken from its tags in photosync's order. */
export function fieldsOfExiftool(record: ExiftoolRecord): ExiftoolFields {
  const date = first(record, DATES);
  const match = /^(\d{4})\D(\d\d)\D(\d\d)(?:\D(\d\d):(\d\d)(?::(\d\d))?)?/.exec(date);
  const clock = match === null ? "" : `${match[4] ?? "00"}:${match[5] ?? "00"}:${match[6] ?? "00"}`;
  const [latitude, longitude] = [record["Composite:GPSLatitude"], record["Composite:GPSLongitude"]].map(
    (value) => (typeof value === "number" ? value.toFixed(4) : ""),
  );
  const type = first(record, ["File:FileTypeExtension"]).toLowerCase();
  return {
    type: TYPES[type] ?? type,
    date: match === null ? date : `${match[1]}-${match[2]}-${match[3]}T${clock}`,
    zone: /(Z|[+-]\d\d:\d\d)$/.exec(date)?.[1] ?? "",
    camera: [first(record, MAKES), first(record, MODELS)].filter((part) => part !== "").join(" / "),
    place: latitude !== "" && longitude !== "" ? `${latitude} ${longitude}` : "",
    caption: first(record, CAPTIONS),
  };
}
