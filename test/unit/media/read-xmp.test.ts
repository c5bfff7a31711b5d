import { describe, expect, test } from "vitest";
import { PhotosyncError } from "../../../src/domain/errors.js";
import { readXmpSidecar } from "../../../src/infra/media/read-xmp.js";
import { xmpPacket } from "../../fixtures/media/jpeg-file.js";

function codeOf(bytes: Uint8Array): string {
  try {
    readXmpSidecar(bytes);
    return "read";
  } catch (error) {
    return error instanceof PhotosyncError ? error.code : "other";
  }
}

describe("readXmpSidecar", () => {
  const properties = `<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Title</rdf:li></rdf:Alt></dc:title>
    <exif:GPSLatitude>39,6.9N</exif:GPSLatitude><exif:GPSLongitude>108,24,3.6W</exif:GPSLongitude>
    <exif:GPSAltitude>14839/10</exif:GPSAltitude><exif:GPSAltitudeRef>0</exif:GPSAltitudeRef>`;
  const packet = xmpPacket(properties, 'exif:DateTimeOriginal="2024-01-15T10:30:00.5+01:00" xmp:Rating="-1"');

  test("facts and raw values", () => {
    const { facts, raw } = readXmpSidecar(Buffer.from(packet));
    expect(facts).toEqual({
      taken_date: "2024-01-15T10:30:00.5+01:00",
      taken_date_from: "XMP-exif:DateTimeOriginal",
      title: "Title",
      location: { lat: 39.115, lng: -108.401, altitude: 1483.9 },
      rating: -1,
    });
    expect(raw["XMP-exif:DateTimeOriginal"]).toBe("2024-01-15T10:30:00.5+01:00");
  });

  test("UTF-16 with a byte order mark", () => {
    expect(readXmpSidecar(Buffer.from(`\uFEFF${packet}`, "utf16le")).facts.title).toBe("Title");
  });

  test("prefixes mean what the document declares", () => {
    const renamed = packet.replaceAll("dc:", "q:").replace("xmlns:dc=", "xmlns:q=");
    expect(readXmpSidecar(Buffer.from(renamed)).facts.title).toBe("Title");
  });

  test("a day without a time says so; a year alone is no date", () => {
    const day = readXmpSidecar(Buffer.from(xmpPacket("", 'photoshop:DateCreated="1985-07-14"'))).facts;
    expect(day.taken_date).toBe("1985-07-14T00:00:00");
    expect(day.taken_date_from).toContain("day only");
    const scanned = 'photoshop:DateCreated="1985-07-14" xmp:CreateDate="2015-03-02T10:00:00"';
    expect(readXmpSidecar(Buffer.from(xmpPacket("", scanned))).facts.taken_date).toBe("1985-07-14T00:00:00");
    const year = readXmpSidecar(Buffer.from(xmpPacket("", 'photoshop:DateCreated="1985"'))).facts;
    expect(year.taken_date).toBeUndefined();
    expect(year.warnings).toHaveLength(1);
  });

  test.each([
    ["nothing", ""],
    ["no XML", "hello"],
    ["XML without RDF", "<a><b/></a>"],
    ["a packet cut in the middle", packet.slice(0, packet.length / 2)],
    ["a packet cut near its end", packet.slice(0, packet.indexOf("</rdf:RDF>"))],
    ["entities", `<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY l2 "&lol;&lol;">]>${packet}`],
    ["too many tags", xmpPacket("<dc:source/>".repeat(150_000))],
    ["too many bytes", `${packet}${" ".repeat(8 * 1024 * 1024)}`],
  ])("%s is refused", (_, text) => {
    expect(codeOf(Buffer.from(text))).toBe("sidecar.invalid-xmp");
  });
});
