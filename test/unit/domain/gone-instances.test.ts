import { expect, test } from "vitest";
import type { InstanceFound, PhotoFound } from "../../../src/domain/finding.js";
import { withSightings } from "../../../src/domain/merge-instances.js";
import { contextAt, found, mergeAll } from "./photo-world.js";

const [T1, T2, T3] = ["2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z"];

const sighting = (id: string, told: Partial<InstanceFound> = {}): InstanceFound => ({
  id,
  quality: "original",
  visibility: "private",
  locations: [],
  record: null,
  bytesStamp: `stamp ${id}`,
  ...told,
});
const gone = (id: string) =>
  sighting(id, { isGone: true, isCurrent: true, visibility: "unknown", quality: "unknown" });
const known = withSightings({}, "flickr", [sighting("1"), sighting("2")], T1);

test("what is gone keeps all that was known of it, and the day when that was first seen", () => {
  const after = withSightings(known, "flickr", [gone("2")], T2);
  expect(after["flickr"]?.copies).toEqual([{ ...known["flickr"]?.copies?.[0], gone_since: T2 }]);
  expect(after["flickr"]?.gone_since).toBeUndefined();
  expect(withSightings(after, "flickr", [gone("2")], T3)).toEqual(after);
});

test("what was never known is not made by being gone", () => {
  expect(withSightings(known, "flickr", [gone("3")], T2)).toEqual(known);
  expect(withSightings({}, "flickr", [gone("3")], T2)).toEqual({});
});

test("what is gone is back when the service shows it, and not when an old export tells of it", () => {
  const after = withSightings(known, "flickr", [gone("1")], T2);
  expect(withSightings(after, "flickr", [sighting("1")], T3)["flickr"]?.gone_since).toBe(T2);
  const back = withSightings(after, "flickr", [sighting("1", { isCurrent: true })], T3);
  expect(back["flickr"]).toEqual({ ...known["flickr"], last_sync: T3 });
});

test("a service that no longer has the photo shows it to nobody, and the photo's own level stays", () => {
  const shown = found({ service: "flickr", id: "1", visibility: "public" });
  const inFolder = found({ service: "folder", path: "a.jpg", visibility: "private" });
  const merged = (...findings: readonly PhotoFound[]) =>
    mergeAll(findings, undefined, { ...contextAt(T1), defaultVisibility: "private" });
  const document = merged(shown, inFolder);
  expect(document.visibility).toMatchObject({
    canonical: "private",
    per_service: { flickr: "public", folder: "private" },
    discrepancies: [{ service: "flickr", current: "public" }],
  });
  const without = merged(shown, inFolder, { ...shown, instances: [gone("1")] });
  expect(without.visibility).toEqual({
    canonical: "private",
    per_service: { folder: "private" },
    discrepancies: [],
  });
  expect(without.instances["flickr"]).toMatchObject({ visibility: "public" });
});
