import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/domain/photo.js";
import { serviceIdOf } from "../../../src/services/google-takeout/service-id.js";
import { sidecarFacts } from "../../../src/services/google-takeout/sidecar-facts.js";

const taken = (timestamp: Json) =>
  sidecarFacts({ photoTakenTime: { timestamp, formatted: "22 sept. 2023" } }).facts;
const place = (latitude: Json, longitude: Json, altitude: Json = 0) => ({ latitude, longitude, altitude });

describe("sidecarFacts", () => {
  it.each([
    ["1695394176", "2023-09-22T14:49:36Z"],
    ["-86400", "1969-12-31T00:00:00Z"],
    ["-5000000000", "1811-07-23T15:06:40Z"],
  ])("reads the timestamp %s as an instant", (timestamp, date) => {
    expect(taken(timestamp)).toEqual({ taken_date: date, taken_date_from: "Takeout:photoTakenTime" });
  });

  it("knows that 0 means unknown", () => {
    expect(taken("0")).toEqual({});
  });

  it.each(["yesterday", "", "1.5", "99999999999999", true, null, {}, "1e9"])(
    "warns of the timestamp %j",
    (timestamp) => {
      const facts = taken(timestamp);
      expect(facts.taken_date).toBeUndefined();
      expect(facts.warnings).toHaveLength(1);
    },
  );

  it("prefers the place that Google Photos shows, takes the file's where there is none, and 0/0 for none", () => {
    const both = { geoData: place(1, 2, 3), geoDataExif: place(4, 5) };
    expect(sidecarFacts(both).facts.location).toEqual({ lat: 1, lng: 2, altitude: 3 });
    expect(sidecarFacts({ ...both, geoData: place(0, 0) }).facts.location).toEqual({ lat: 4, lng: 5 });
    expect(sidecarFacts({ geoData: place(0, 0), geoDataExif: place(0, 0) }).facts).toEqual({});
    expect(sidecarFacts({ geoData: place(0, 12) }).facts.location).toEqual({ lat: 0, lng: 12 });
  });

  it.each([place(91, 0), place("1", 2), "here", [], place(1, null)])("warns of the place %j", (geoData) => {
    const { location, warnings } = sidecarFacts({ geoData }).facts;
    expect(location).toBeUndefined();
    expect(warnings).toHaveLength(1);
  });

  it("reads words, people, flags and other people's photos", () => {
    const { facts } = sidecarFacts({
      ...{ title: "a/b.jpg", description: " two\nlines ", favorited: true, archived: true, trashed: true },
      people: [{ name: "Ada" }, { name: "Ada" }, { name: "" }, {}, { name: "Bo" }],
      googlePhotosOrigin: { fromPartnerSharing: {} },
    });
    expect(facts).toEqual({
      ...{ filename: "a/b.jpg", caption: " two\nlines ", favorite: true, archived: true, trashed: true },
      ...{ people: ["Ada", "Bo"], ownership: "other" },
    });
    expect(sidecarFacts({ googlePhotosOrigin: { mobileUpload: {} } }).facts).toEqual({});
  });

  it("keeps the sidecar as it stands, and survives fields of any form", () => {
    const odd = {
      title: 5,
      description: ["x"],
      people: "Ada",
      favorited: "yes",
      googlePhotosOrigin: 1,
      newKey: { a: [1] },
    };
    const { facts, raw } = sidecarFacts(odd);
    expect(raw).toEqual(odd);
    expect(Object.keys(facts)).toEqual(["warnings"]);
    expect(facts.warnings).toHaveLength(4);
  });
});

describe("serviceIdOf", () => {
  it.each([
    ["https://photos.google.com/photo/AF1QipX_-9", "AF1QipX_-9"],
    ["https://photos.google.com/lr/photo/AF1", "AF1"],
    ["https://photos.google.com/u/1/photo/AF1?x=1", "AF1"],
    ["https://lh3.googleusercontent.com/photo/AF1", undefined],
    ["http://photos.google.com/photo/AF1", undefined],
    ["https://photos.google.com/album/AF1", undefined],
    ["not a url", undefined],
    [17, undefined],
  ])("of %s is %s", (url, id) => {
    expect(serviceIdOf({ url })).toBe(id);
  });
});
