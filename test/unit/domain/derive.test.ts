import { describe, expect, test } from "vitest";
import { derive } from "../../../src/domain/derive.js";
import type { Facts } from "../../../src/domain/photo.js";
import { found, mergeAll, readingsOf, variantFound } from "./photo-world.js";

const metadataOf = (own: Facts, ...services: (readonly [string, Facts])[]) =>
  mergeAll(
    services.map(([service, facts]) => found({ service, facts })),
    readingsOf(["a", own]),
  ).metadata;

describe("the canonical date", () => {
  test("is the original's wall clock, with no zone made up from an instant that fits", () => {
    const metadata = metadataOf({ taken_date: "2023-12-31T23:30:00" }, [
      "google-photos",
      { taken_date: "2024-01-01T04:30:00Z" },
    ]);
    expect(metadata.taken_date).toBe("2023-12-31T23:30:00");
  });

  test("is a wall clock rather than an instant when the bytes have none", () => {
    const flickr = ["zflickr", { taken_date: "2023-12-31T23:30:00" }] as const;
    const google = ["google-photos", { taken_date: "2024-01-01T04:30:00Z" }] as const;
    expect(metadataOf({}, google, flickr).taken_date).toBe("2023-12-31T23:30:00");
    expect(metadataOf({}, google).taken_date).toBe("2024-01-01T04:30:00Z");
  });
});

describe("other fields", () => {
  test("come from the most trusted source that has them, gaps filled from the next", () => {
    const metadata = metadataOf(
      { location: { lat: 48.8584, lng: 2.2945 }, camera_info: { make: "Canon", model: "EOS 5D" } },
      ["google-photos", { caption: "Tower", location: { lat: 48.8585, lng: 2.2944, altitude: 33 } }],
      ["flickr", { title: "Eiffel", caption: "  ", camera_info: { model: "EOS 5D", lens: "50mm" } }],
    );
    expect(metadata).toMatchObject({
      caption: "Tower",
      title: "Eiffel",
      location: { lat: 48.8584, lng: 2.2945, altitude: 33 },
      camera_info: { make: "Canon", model: "EOS 5D", lens: "50mm" },
    });
  });

  test("unite tags in one Unicode form, letter case kept", () => {
    const metadata = metadataOf({ tags: ["café", "Sea"] }, ["flickr", { tags: ["cafe\u0301", "sea", " "] }]);
    expect(metadata.tags).toEqual(["café", "Sea", "sea"]);
  });

  test("take 0 stars for no rating", () => {
    expect(metadataOf({ rating: 0 }, ["flickr", { rating: 4 }]).rating).toBe(4);
    expect(metadataOf({ rating: 0 }, ["flickr", {}]).rating).toBeUndefined();
  });

  test("leave out what no document could hold", () => {
    expect(metadataOf({ rating: 99 }, ["flickr", {}]).rating).toBeUndefined();
  });
});

test("a clip and the bytes of variants fill gaps and contradict nobody", () => {
  const clip = variantFound("motion", {
    digit: "b",
    id: "clip",
    facts: { taken_date: "2024-01-15T18:30:02Z", title: "Clip" },
  });
  const document = mergeAll(
    [found({ facts: { taken_date: "2024-01-15T10:30:00" }, variants: [clip] })],
    readingsOf(["a", {}], ["b", { taken_date: "2024-01-15T18:30:03Z", camera_info: { make: "Apple" } }]),
  );
  expect(derive(document).metadata).toEqual({
    taken_date: "2024-01-15T10:30:00",
    title: "Clip",
    camera_info: { make: "Apple" },
    tags: [],
  });
});

test("albums stay though a later export names fewer", () => {
  const document = mergeAll([
    found({ facts: { albums: ["Rome", "All"], favorite: true } }),
    found({ facts: { albums: ["All"], caption: "New words" } }),
  ]);
  expect(document.albums).toEqual(["All", "Rome"]);
  expect(document.favorite).toBeUndefined();
});
