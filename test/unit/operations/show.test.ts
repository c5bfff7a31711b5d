import { describe, expect, it } from "vitest";
import { findPhoto } from "../../../src/operations/show.js";
import { fakeLibrary, photoDocument, variantOf } from "../../fakes/fake-catalog.js";
import { pathOf } from "./library.js";

const first = photoDocument({
  content: "a",
  filename: "Été 1.jpg",
  variants: [variantOf("a", { content: "edited" })],
});
const second = photoDocument({ content: "b", filename: "IMG_2.JPG" });
const third = photoDocument({ content: "c", filename: "img_2.jpg" });
const catalog = fakeLibrary([first, second, third]).catalog();

const found = (wanted: string) => findPhoto(catalog, wanted).photo_id;
const edited = first.variants?.[0]?.content_hash ?? "";

describe("findPhoto", () => {
  it.each([
    ["its id", first.photo_id],
    ["the beginning of its id", first.photo_id.slice(0, 8)],
    ["its hash", first.content_hash],
    ["the beginning of its hash", first.content_hash.slice(0, 19)],
    ["the digits of its hash", first.content_hash.slice(7)],
    ["the hash of its variant", edited],
    ["the path of its document", pathOf(first)],
    ["the whole path of its document", `/home/ana/library/${pathOf(first)}`],
    ["its file name", "Été 1.jpg"],
    ["its file name in other letters", "ÉTÉ 1.JPG"],
    ["its file name as a Mac types it", "Été 1.jpg".normalize("NFD")],
  ])("knows a photo by %s", (_what, wanted) => expect(found(wanted)).toBe(first.photo_id));

  it.each([
    ["a name that nothing has", "IMG_9.jpg", "photo.unknown"],
    ["nothing", "", "photo.unknown"],
    ["three digits of its id", first.photo_id.slice(0, 3), "photo.unknown"],
    ["a part of its name", "Été", "photo.unknown"],
    ["its id told as a hash", `sha256:${first.photo_id.slice(0, 8)}`, "photo.unknown"],
    ["a path that ends like its name", `x${pathOf(first)}`, "photo.unknown"],
    ["a name that two have", "IMG_2.jpg", "photo.ambiguous"],
  ])("refuses %s", (_what, wanted, code) => {
    expect(() => found(wanted)).toThrow(expect.objectContaining({ code, kind: "user" }));
  });

  it("believes an id before a file of that name", () => {
    const impostor = photoDocument({ content: "d", filename: second.photo_id });
    const both = fakeLibrary([second, impostor]).catalog();
    expect(findPhoto(both, second.photo_id).photo_id).toBe(second.photo_id);
  });
});
