import { describe, expect, it } from "vitest";
import { knownPicture } from "../../../../src/domain/identity/known-picture.js";
import type { Facts } from "../../../../src/domain/photo.js";
import { photoDocument } from "../../../fakes/fake-catalog.js";

const ID = "52800000001";
const atFlickr = (filename: string, facts: Facts) =>
  knownPicture(
    photoDocument({
      filename,
      with: {
        instances: {
          flickr: { id: ID, quality: "medium", last_sync: "2026-01-01T00:00:00Z", visibility: "private" },
        },
        sources: { flickr: [{ id: ID, facts, raw: {} }] },
      },
    }),
  )?.original.filename;

describe("the name of a picture in a service's export", () => {
  it("is the title where the service put its id into the file's name", () => {
    expect(atFlickr(`img_4711_${ID}_o.jpg`, { title: "IMG_4711" })).toBe("IMG_4711");
    expect(atFlickr(`${ID}_o.jpg`, { title: "Low tide", filename: "DSC01.JPG" })).toBe("DSC01.JPG");
  });

  it("is the file's own name where there is no id in it, or nothing is said", () => {
    expect(atFlickr("IMG_4711.jpg", { title: "Low tide" })).toBe("IMG_4711.jpg");
    expect(atFlickr(`${ID}_o.jpg`, {})).toBe(`${ID}_o.jpg`);
  });
});
