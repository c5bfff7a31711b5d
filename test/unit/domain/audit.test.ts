import { expect, test } from "vitest";
import { visibilityDiscrepancies } from "../../../src/domain/audit.js";

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
