import { describe, expect, test } from "vitest";
import { bufferReader } from "../../../src/infra/media/byte-reader.js";
import { type MediaReading, readMedia } from "../../../src/infra/media/read-media.js";
import {
  appleKeys,
  box,
  EPOCH_GAP,
  fileType,
  movieHeader,
  track,
  u16,
  u32,
  userText,
} from "../../fixtures/media/box-file.js";

const JANUARY = Date.UTC(2024, 0, 15, 9, 30, 0) / 1000;
const read = (bytes: Uint8Array, name = "film.mov"): Promise<MediaReading> =>
  readMedia(bufferReader(bytes), name);
const film = (brand: string, ...inMoov: Uint8Array[]): Buffer =>
  Buffer.concat([fileType(brand), box("mdat", Buffer.alloc(64)), box("moov", ...inMoov)]);

describe("QuickTime and MP4", () => {
  test("Apple's creation date has the zone, and comes before the header's instant", async () => {
    const keys = appleKeys({
      creationdate: "2024-01-15T10:30:00+0100",
      "location.ISO6709": "+48.8577+002.2950+035.100/",
      make: "Apple",
      model: "iPhone 15",
      "content.identifier": "ABC-123",
      description: "Words",
    });
    const header = movieHeader(JANUARY + EPOCH_GAP);
    const { facts, media, raw, contentIdentifier } = await read(
      film("qt  ", header, track([0, 1, -1, 0]), keys),
    );
    expect(facts).toMatchObject({
      taken_date: "2024-01-15T10:30:00+01:00",
      taken_date_from: "Keys:CreationDate",
      location: { lat: 48.8577, lng: 2.295, altitude: 35.1 },
      camera_info: { make: "Apple", model: "iPhone 15" },
      caption: "Words",
    });
    expect(media).toEqual({
      mime_type: "video/quicktime",
      width: 1920,
      height: 1080,
      duration_seconds: 3.5,
      orientation: 6,
    });
    expect(contentIdentifier).toBe("ABC-123");
    expect(raw["QuickTime:CreateDate"]).toBe("2024-01-15T09:30:00Z");
  });

  test("the header's time is an instant in UTC", async () => {
    const { facts } = await read(film("isom", movieHeader(JANUARY + EPOCH_GAP)), "film.mp4");
    expect(facts.taken_date).toBe("2024-01-15T09:30:00Z");
  });

  test("a header's time of 0 is none; one counted from 1970 is read as that", async () => {
    expect((await read(film("isom", movieHeader(0)))).facts.taken_date).toBeUndefined();
    expect((await read(film("isom", movieHeader(JANUARY)))).facts.taken_date).toBe("2024-01-15T09:30:00Z");
  });

  test("user data: ©day before the header, ©xyz, ©mak, ©mod", async () => {
    const userData = box(
      "udta",
      userText("\xa9day", "2024-01-15T10:30:00+0100"),
      userText("\xa9xyz", "+27.5916+086.5640/"),
      userText("\xa9mak", "Canon"),
      userText("\xa9mod", "R5"),
    );
    const { facts } = await read(film("mp42", movieHeader(JANUARY + EPOCH_GAP), userData));
    expect(facts).toMatchObject({
      taken_date: "2024-01-15T10:30:00+01:00",
      location: { lat: 27.5916, lng: 86.564 },
      camera_info: { make: "Canon", model: "R5" },
    });
  });

  test("3GP: place and title", async () => {
    const loci = box(
      "loci",
      u32(0),
      u16(0x15c7),
      Buffer.from("Hut\0"),
      Buffer.from([0]),
      u32(-10 * 65_536, 20.5 * 65_536, 0),
    );
    const titl = box("titl", u32(0), u16(0x15c7), Buffer.from("A title\0"));
    const { type, facts } = await read(film("3gp4", movieHeader(0), box("udta", loci, titl)), "v.3gp");
    expect(type?.mimeType).toBe("video/3gpp");
    expect(facts).toMatchObject({ location: { lat: 20.5, lng: -10, altitude: 0 }, title: "A title" });
  });

  test("a film that is cut off before its description is media with a warning", async () => {
    const whole = film("isom", movieHeader(JANUARY + EPOCH_GAP));
    const { kind, warnings } = await read(whole.subarray(0, 60));
    expect(kind).toBe("media");
    expect(warnings.length).toBeGreaterThan(0);
  });

  test.each([0, 1, 7])("a box of size %i ends the walk and nothing else", async (size) => {
    const bytes = film("isom", movieHeader(JANUARY + EPOCH_GAP));
    bytes.writeUInt32BE(size, bytes.indexOf("mdat", 0, "latin1") - 4);
    expect((await read(bytes)).kind).toBe("media");
  });
});

describe("AVI", () => {
  const chunk = (id: string, payload: Uint8Array): Buffer => {
    const head = Buffer.from(`${id}\0\0\0\0`, "latin1");
    head.writeUInt32LE(payload.length, 4);
    return Buffer.concat([head, payload, Buffer.alloc(payload.length % 2)]);
  };

  test("the camera's date is a clock without zone", async () => {
    const idit = chunk("IDIT", Buffer.from("MON JAN 15 10:30:00 2024\n\0"));
    const list = chunk("LIST", Buffer.concat([Buffer.from("hdrl"), idit]));
    const bytes = chunk("RIFF", Buffer.concat([Buffer.from("AVI "), list]));
    const { type, facts } = await read(bytes, "a.avi");
    expect(type?.extension).toBe("avi");
    expect(facts.taken_date).toBe("2024-01-15T10:30:00");
  });
});
