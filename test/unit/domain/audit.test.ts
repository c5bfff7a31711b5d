import { expect, test } from "vitest";
import { exposures, visibilityDiscrepancies } from "../../../src/domain/audit.js";

test("services that show a photo to more people than it should be are listed by name", () => {
  const seen_visibility = {
    folder: "private",
    "google-photos": "unknown",
    flickr: "public",
    other: "friends",
  } as const;
  expect(visibilityDiscrepancies({ visibility: "friends", seen_visibility })).toEqual([
    { service: "flickr", current: "public", canonical: "friends" },
    { service: "google-photos", current: "unknown", canonical: "friends" },
  ]);
  expect(visibilityDiscrepancies({ visibility: "public", seen_visibility })).toEqual([]);
});

test("a service that shows more than was approved for it is told of, whatever level a hand wrote into the document", () => {
  const seen_visibility = { flickr: "public", other: "friends", third: "public" } as const;
  const row = { visibility: "public", seen_visibility } as const;
  expect(exposures(row)).toEqual([]);
  expect(exposures({ ...row, approved: { flickr: "friends", other: "friends" } })).toEqual([
    { service: "flickr", current: "public", canonical: "public", approved: "friends" },
  ]);
  expect(exposures({ ...row, visibility: "private", approved: { flickr: "public" } })).toEqual(
    visibilityDiscrepancies({ ...row, visibility: "private" }),
  );
});
