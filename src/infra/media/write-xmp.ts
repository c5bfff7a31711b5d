import { XMLBuilder } from "fast-xml-parser";
import { type Json, ORIGINAL_SOURCE, type PhotoDocument, type Place } from "../../domain/photo.js";
import { parseTakenDate } from "../../domain/taken-date.js";
import { PHOTOSYNC_NAMESPACE } from "./xmp-names.js";

const NAMESPACES = {
  dc: "http://purl.org/dc/elements/1.1/",
  exif: "http://ns.adobe.com/exif/1.0/",
  exifEX: "http://cipa.jp/exif/1.0/",
  Iptc4xmpExt: "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
  photoshop: "http://ns.adobe.com/photoshop/1.0/",
  photosync: PHOTOSYNC_NAMESPACE,
  tiff: "http://ns.adobe.com/tiff/1.0/",
  xmp: "http://ns.adobe.com/xap/1.0/",
  xmpMM: "http://ns.adobe.com/xap/1.0/mm/",
} as const;

type Element = Readonly<Record<string, unknown>>;

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  textNodeName: "#text",
  format: true,
  indentBy: " ",
  suppressEmptyNode: true,
});

/** What XML 1.0 has no way to write: most control characters, halves of surrogate pairs, and two others. */
const UNWRITABLE = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

const clean = (text: string): string => text.replace(UNWRITABLE, "").trim();

const words = (texts: readonly string[] | undefined): readonly string[] =>
  (texts ?? []).map(clean).filter((text) => text !== "");

const plain = (name: string, text: string | undefined): Element => {
  const value = clean(text ?? "");
  return value === "" ? {} : { [name]: value };
};

const byLanguage = (name: string, text: string | undefined): Element => {
  const value = clean(text ?? "");
  if (value === "") return {};
  return { [name]: { "rdf:Alt": { "rdf:li": { "@xml:lang": "x-default", "#text": value } } } };
};

const list = (name: string, kind: "rdf:Bag" | "rdf:Seq", texts: readonly string[] | undefined): Element => {
  const values = words(texts);
  return values.length === 0 ? {} : { [name]: { [kind]: { "rdf:li": values } } };
};

const flag = (name: string, isSet: boolean | undefined): Element =>
  isSet === true ? { [name]: "True" } : {};

/** Hundred-millionths of a minute. */
const PARTS_OF_DEGREE = 60e8;

/** `39,6.90000000N`: degrees and minutes, the form of the XMP specification (part 2, GPSCoordinate); 8 digits keep 1e-7 degrees. */
function coordinate(degrees: number, positive: string, negative: string): string {
  // Rounded first: 59.999999999 minutes are a degree, not 60 minutes.
  const parts = Math.round(Math.abs(degrees) * PARTS_OF_DEGREE);
  const minutes = ((parts % PARTS_OF_DEGREE) * 60) / PARTS_OF_DEGREE;
  return `${Math.floor(parts / PARTS_OF_DEGREE)},${minutes.toFixed(8)}${degrees < 0 ? negative : positive}`;
}

function position(place: Place | undefined): Element {
  if (place === undefined) return {};
  const { lat, lng, altitude } = place;
  return {
    "exif:GPSLatitude": coordinate(lat, "N", "S"),
    "exif:GPSLongitude": coordinate(lng, "E", "W"),
    ...(altitude !== undefined && {
      "exif:GPSAltitudeRef": altitude < 0 ? "1" : "0",
      "exif:GPSAltitude": `${Math.round(Math.abs(altitude) * 1000)}/1000`,
    }),
  };
}

/** XMP takes nine digits of a second at most, and knows no time without a day. */
function dates(taken: string | null): Element {
  if (taken === null || parseTakenDate(taken) === null) return {};
  const date = taken.replace(/(\.\d{9})\d+/, "$1");
  return { "exif:DateTimeOriginal": date, "photoshop:DateCreated": date };
}

const textsOf = (value: Json | undefined): readonly string[] =>
  [value ?? []].flat().filter((one) => typeof one === "string");

/** Who made the picture, as its bytes say: no field of its own in the document, and too good to lose. */
function creators({ sources, content_hash }: PhotoDocument): readonly string[] {
  const raw = sources[ORIGINAL_SOURCE]?.findLast(({ id }) => id === content_hash)?.raw ?? {};
  for (const name of ["XMP-dc:Creator", "IPTC:By-line", "EXIF:Artist"]) {
    const found = words(textsOf(raw[name]));
    if (found.length > 0) return found;
  }
  return [];
}

/**
 * The XMP sidecar of a photo's original: its canonical metadata for other programs, and for photosync itself, whose `discover`
 * reads the same back. Where other programs have no place for a value (albums, favourite, archived), it stands in photosync's own
 * namespace. Equal documents and names give equal bytes: no time of writing, no version. `filename` is the name that the
 * original has beside the sidecar. Sources: XMP specification (ISO 16684-1), MWG guidelines 2.0, IPTC PersonInImage.
 */
export function writeXmpSidecar(document: PhotoDocument, filename: string): Uint8Array {
  const { metadata, albums, people } = document;
  const { camera_info: camera, rating } = metadata;
  const description: Element = {
    "@rdf:about": "",
    ...Object.fromEntries(Object.entries(NAMESPACES).map(([prefix, uri]) => [`@xmlns:${prefix}`, uri])),
    ...byLanguage("dc:title", metadata.title),
    ...byLanguage("dc:description", metadata.caption),
    ...list("dc:creator", "rdf:Seq", creators(document)),
    ...list("dc:subject", "rdf:Bag", metadata.tags),
    ...dates(metadata.taken_date),
    ...position(metadata.location),
    ...plain("tiff:Make", camera?.make),
    ...plain("tiff:Model", camera?.model),
    ...plain("exifEX:LensModel", camera?.lens),
    ...(rating !== undefined && { "xmp:Rating": String(rating) }),
    ...list("Iptc4xmpExt:PersonInImage", "rdf:Bag", people),
    ...(filename === metadata.filename ? {} : plain("xmpMM:PreservedFileName", metadata.filename)),
    ...list("photosync:Albums", "rdf:Bag", albums),
    ...flag("photosync:Favorite", document.favorite),
    ...flag("photosync:Archived", document.archived),
    ...flag("photosync:Trashed", document.trashed),
    ...plain("photosync:Ownership", document.ownership),
  };
  const packet = builder.build({
    "x:xmpmeta": {
      "@xmlns:x": "adobe:ns:meta/",
      "@x:xmptk": "photosync",
      "rdf:RDF": {
        "@xmlns:rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdf:Description": description,
      },
    },
  });
  // A reader of XML takes a bare carriage return for a line feed.
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n${packet.trimEnd()}\n`.replaceAll("\r", "&#xD;");
  return new TextEncoder().encode(text);
}
