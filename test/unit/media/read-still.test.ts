import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { bufferReader } from "../../../src/infra/media/byte-reader.js";
import { type MediaReading, readMedia } from "../../../src/infra/media/read-media.js";
import { exifBlock, gpsTags, TAG } from "../../fixtures/media/exif-block.js";
import { iptcDataSet, jpegFile, xmpPacket } from "../../fixtures/media/jpeg-file.js";

const read = (bytes: Uint8Array, name = "photo.jpg"): Promise<MediaReading> =>
  readMedia(bufferReader(bytes), name);
const withExif = (parts: Parameters<typeof exifBlock>[0]): Promise<MediaReading> =>
  read(jpegFile({ exif: exifBlock(parts) }));

describe("dates", () => {
  test("EXIF's own zone and sub-seconds are kept as written", async () => {
    const { facts } = await withExif({
      exif: { [TAG.taken]: "2024:01:15 10:30:00", [TAG.subSecTaken]: "25", [TAG.offsetTaken]: "-08:00" },
    });
    expect(facts.taken_date).toBe("2024-01-15T10:30:00.25-08:00");
    expect(facts.taken_date_from).toBe("EXIF:DateTimeOriginal, zone from EXIF:OffsetTimeOriginal");
  });

  test("without any zone there is none", async () => {
    const { facts } = await withExif({ exif: { [TAG.taken]: "2024:01:15 10:30:00" } });
    expect(facts.taken_date).toBe("2024-01-15T10:30:00");
  });

  test("the receiver's UTC time beside the clock gives the zone, broken hours too", async () => {
    const gps = {
      ...gpsTags(27, "N", 85, "E"),
      7: [
        [4, 1],
        [44, 1],
        [58, 1],
      ],
      29: "2024:01:15",
    } as const;
    const { facts } = await withExif({ exif: { [TAG.taken]: "2024:01:15 10:30:00" }, gps });
    expect(facts.taken_date).toBe("2024-01-15T10:30:00+05:45");
    expect(facts.taken_date_from).toContain("GPS:GPSDateStamp");
  });

  test("a receiver's time that no zone explains gives none", async () => {
    const gps = {
      7: [
        [4, 1],
        [37, 1],
        [0, 1],
      ],
      29: "2024:01:15",
    } as const;
    const { facts } = await withExif({ exif: { [TAG.taken]: "2024:01:15 10:30:00" }, gps });
    expect(facts.taken_date).toBe("2024-01-15T10:30:00");
  });

  test("the receiver's time alone is an instant in UTC", async () => {
    const { facts } = await withExif({
      gps: {
        7: [
          [4, 1],
          [5, 1],
          [6, 1],
        ],
        29: "2024:01:15",
      },
    });
    expect(facts.taken_date).toBe("2024-01-15T04:05:06Z");
  });

  test.each(["0000:00:00 00:00:00", "    :  :     :  :  ", "2024:13:01 10:00:00", "2024:02:30 10:00:00"])(
    "%j is no date, and the next best one counts",
    async (text) => {
      const { facts, warnings } = await withExif({
        main: { [TAG.modified]: "2023:05:05 05:05:05" },
        exif: { [TAG.taken]: text },
      });
      expect(facts.taken_date).toBe("2023-05-05T05:05:05");
      expect(facts.taken_date_from).toMatch(/^EXIF:ModifyDate .*last change/);
      expect(warnings).toHaveLength(1);
    },
  );

  test("XMP comes before IPTC, and lends EXIF its zone only for the same moment", async () => {
    const xmp = xmpPacket("<photoshop:DateCreated>2024-01-15T10:30:00+09:00</photoshop:DateCreated>");
    const same = await read(
      jpegFile({ exif: exifBlock({ exif: { [TAG.taken]: "2024:01:15 10:30:00" } }), xmp }),
    );
    expect(same.facts.taken_date).toBe("2024-01-15T10:30:00+09:00");
    const other = await read(
      jpegFile({ exif: exifBlock({ exif: { [TAG.taken]: "2024:01:15 10:31:00" } }), xmp }),
    );
    expect(other.facts.taken_date).toBe("2024-01-15T10:31:00");
    const iptc = Buffer.concat([iptcDataSet(55, "20200101"), iptcDataSet(60, "010101+0100")]);
    expect((await read(jpegFile({ xmp, iptc }))).facts.taken_date).toBe("2024-01-15T10:30:00+09:00");
    expect((await read(jpegFile({ iptc }))).facts.taken_date).toBe("2020-01-01T01:01:01+01:00");
  });

  test("IPTC's +0000 is no statement of a zone", async () => {
    const iptc = Buffer.concat([iptcDataSet(55, "20200101"), iptcDataSet(60, "010101+0000")]);
    expect((await read(jpegFile({ iptc }))).facts.taken_date).toBe("2020-01-01T01:01:01");
  });
});

describe("place", () => {
  test("degrees, minutes and letters, with a depth below the sea", async () => {
    const { facts } = await withExif({
      gps: { ...gpsTags(12, "S", 30, "W"), 5: { bytes: Uint8Array.of(1) }, 6: [[125, 10]] },
    });
    expect(facts.location).toEqual({ lat: -12.5, lng: -30.25, altitude: -12.5 });
  });

  test.each([
    [
      "0/0",
      {
        1: "N",
        2: [
          [0, 1],
          [0, 1],
          [0, 1],
        ],
        3: "E",
        4: [
          [0, 1],
          [0, 1],
          [0, 1],
        ],
      },
    ],
    [
      "no number",
      {
        1: "N",
        2: [
          [0, 0],
          [0, 0],
          [0, 0],
        ],
        3: "E",
        4: [
          [9, 1],
          [0, 1],
          [0, 1],
        ],
      },
    ],
    [
      "off the globe",
      {
        1: "N",
        2: [
          [91, 1],
          [0, 1],
          [0, 1],
        ],
        3: "E",
        4: [
          [9, 1],
          [0, 1],
          [0, 1],
        ],
      },
    ],
    [
      "no letters",
      {
        2: [
          [45, 1],
          [0, 1],
          [0, 1],
        ],
        4: [
          [9, 1],
          [0, 1],
          [0, 1],
        ],
      },
    ],
  ] as const)("%s gives no place but a warning", async (_, gps) => {
    const { facts, warnings } = await withExif({ gps });
    expect(facts.location).toBeUndefined();
    expect(warnings).toHaveLength(1);
  });
});

describe("words", () => {
  test("camera texts lose padding and NULs; machines' captions are no captions, yet kept raw", async () => {
    const { facts, raw } = await withExif({
      main: {
        [TAG.make]: "OLYMPUS  \0junk",
        [TAG.model]: "C-1 ",
        [TAG.description]: "OLYMPUS DIGITAL CAMERA         ",
      },
      exif: { [TAG.lens]: "50mm" },
    });
    expect(facts.camera_info).toEqual({ make: "OLYMPUS", model: "C-1", lens: "50mm" });
    expect(facts.caption).toBeUndefined();
    expect(raw["EXIF:ImageDescription"]).toBe("OLYMPUS DIGITAL CAMERA         ");
  });

  test("UserComment by its code", async () => {
    const bytes = Buffer.concat([Buffer.from("UNICODE\0"), Buffer.from("Grüße", "utf16le")]);
    expect((await withExif({ exif: { [TAG.userComment]: { bytes } } })).facts.caption).toBe("Grüße");
  });

  test("IPTC and XMP: keywords united in order, title, rating, people", async () => {
    const iptc = Buffer.concat([iptcDataSet(25, "sea"), iptcDataSet(25, "Süd"), iptcDataSet(5, "Title")]);
    const xmp = xmpPacket(
      `<dc:subject><rdf:Bag><rdf:li>Süd</rdf:li><rdf:li>a &amp; b</rdf:li></rdf:Bag></dc:subject>
       <dc:description><rdf:Alt><rdf:li xml:lang="x-default">Words</rdf:li><rdf:li xml:lang="de">Worte</rdf:li></rdf:Alt></dc:description>
       <Iptc4xmpExt:PersonInImage><rdf:Bag><rdf:li>Ann</rdf:li></rdf:Bag></Iptc4xmpExt:PersonInImage>
       <mwg-rs:Regions rdf:parseType="Resource"><mwg-rs:RegionList><rdf:Bag>
        <rdf:li><rdf:Description mwg-rs:Name="Bob" mwg-rs:Type="Face"/></rdf:li>
        <rdf:li rdf:parseType="Resource"><mwg-rs:Name>Rex</mwg-rs:Name><mwg-rs:Type>Pet</mwg-rs:Type></rdf:li>
       </rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>
       <MP:RegionInfo rdf:parseType="Resource"><MPRI:Regions><rdf:Bag><rdf:li MPReg:PersonDisplayName="Cid"/></rdf:Bag></MPRI:Regions></MP:RegionInfo>`,
      'xmp:Rating="4" aux:Lens="EF 50"',
    );
    const { facts, raw, warnings } = await read(jpegFile({ iptc, xmp }));
    expect(facts.tags).toEqual(["sea", "Süd", "a & b"]);
    expect(facts).toMatchObject({
      title: "Title",
      caption: "Words",
      rating: 4,
      people: ["Ann", "Bob", "Cid"],
    });
    expect(facts.camera_info).toEqual({ lens: "EF 50" });
    expect(raw["IPTC:Keywords"]).toEqual(["sea", "Süd"]);
    expect(raw["XMP-dc:Description"]).toEqual({ "x-default": "Words", de: "Worte" });
    expect(warnings).toEqual([]);
  });

  test("bytes that are no UTF-8 are read as Western European", async () => {
    const iptc = iptcDataSet(120, Uint8Array.of(0x47, 0x72, 0xfc, 0xdf, 0x65, 0x20, 0x93));
    expect((await read(jpegFile({ iptc }))).facts.caption).toBe("Grüße “");
  });

  test("an over-long value is cut in raw, with a warning", async () => {
    const xmp = xmpPacket(`<dc:source>${"x".repeat(60_000)}</dc:source>`);
    expect((await read(jpegFile({ xmp }))).warnings).toEqual([]);
    const png = await sharp({ create: { width: 2, height: 2, channels: 3, background: "red" } })
      .withXmp(xmpPacket(`<dc:source>${"x".repeat(70_000)}</dc:source>`))
      .png()
      .toBuffer();
    const { raw, warnings } = await read(png);
    expect(String(raw["XMP-dc:Source"])).toHaveLength(64 * 1024);
    expect(warnings).toHaveLength(1);
  });
});
