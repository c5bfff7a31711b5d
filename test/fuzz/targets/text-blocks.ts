import { parseTakenDate } from "../../../src/domain/taken-date.js";
import { readDateText, zoneText } from "../../../src/infra/media/date-text.js";
import { plainDateText } from "../../../src/infra/media/english-date.js";
import { factsOf } from "../../../src/infra/media/facts.js";
import { nothingFound } from "../../../src/infra/media/found.js";
import { readIptc } from "../../../src/infra/media/iptc.js";
import { iptcInResources } from "../../../src/infra/media/photoshop.js";
import { boundedRaw } from "../../../src/infra/media/raw-values.js";
import { readXmpSidecar } from "../../../src/infra/media/read-xmp.js";
import { answer, promise, type Target } from "../target.js";
import { writtenDocument } from "../written-document.js";
import { iptcBlocks, xmpPackets } from "./media-seeds.js";

const MEDIA = { mime_type: "image/jpeg" };

/** Blocks of metadata that stand alone: XMP sidecars, IPTC records, dates as texts. */
export const TEXT_TARGETS: readonly Target[] = [
  {
    name: "xmp",
    mutation: "bytes",
    seeds: xmpPackets,
    tokens: [
      "<rdf:li",
      "</rdf:li>",
      "rdf:Description",
      "xml:lang",
      "<!DOCTYPE x [<!ENTITY a 'b'>]>",
      "&a;",
      "&#0;",
      "&#x110000;",
      "<![CDATA[",
      "]]>",
      "<!--",
      "__proto__",
      "constructor",
      "xmlns:exif=",
      "rdf:parseType='Resource'",
      "<dc:subject>",
      "exif:GPSLatitude=",
      "\xff\xfe",
      "<?xpacket",
    ],
    files: /\.xmp$/i,
    run: (input) =>
      answer(() => {
        const { facts, raw } = readXmpSidecar(input);
        const record = { id: "x.jpg", facts, raw };
        writtenDocument({ media: MEDIA, extension: "jpg", facts: {}, raw: {} }, record);
        return record;
      }),
  },
  {
    name: "iptc",
    mutation: "bytes",
    seeds: () => [
      ...iptcBlocks(),
      Buffer.concat([
        Buffer.from("8BIM\x04\x04\0\0\0\0\0\x10", "latin1"),
        iptcBlocks()[0] ?? Buffer.alloc(0),
      ]),
    ],
    tokens: ["\x1c\x02", "\x1c\x01\x5a", "8BIM", "\x1b%G", "\x80\x04"],
    run: (input) => {
      const found = nothingFound();
      readIptc(input, found);
      for (const block of iptcInResources(input)) readIptc(block, found);
      const raw = boundedRaw(found.tags, found.warnings);
      const facts = factsOf(found.tags, found.warnings);
      writtenDocument({ media: MEDIA, extension: "jpg", facts, raw });
      return { facts, raw };
    },
  },
  {
    name: "date-text",
    mutation: "bytes",
    seeds: () =>
      [
        "2024:01:15 10:30:00",
        "2024-01-15T10:30:00.123+05:30",
        "Mon Jan 15 10:30:00 2024",
        "MON JAN 15 10:30:00 2024 ",
        "2024-01-15",
        "15 January 2024 10:30:00 GMT",
        "0000:00:00 00:00:00",
        "+05:30",
      ].map((text) => Buffer.from(text)),
    tokens: ["+14:00", "-12:00", "Z", "9999", "0000", "24:00:00", "\u0660", "Feb 29"],
    run: (input) => {
      const text = input.toString("utf8");
      const read = readDateText(text);
      if (read !== null) promise(parseTakenDate(read.date) !== null, `${read.date} is no date`);
      const plain = readDateText(plainDateText(text));
      if (plain !== null) promise(parseTakenDate(plain.date) !== null, `${plain.date} is no date`);
      return [read, plain, zoneText(text) ?? null];
    },
  },
];
