import { describe, expect, it } from "vitest";
import {
  blobKey,
  contentHash,
  documentPath,
  hexOf,
  isBlobKey,
  isContentHash,
  isPhotoId,
  uuidV5,
} from "../../../src/domain/ids.js";
import { sha1Bytes } from "../../../src/infra/hash.js";

const HEX = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const ID = uuidV5(`sha256:${HEX}`, sha1Bytes);

describe("uuidV5", () => {
  // What Python's `uuid.uuid5` makes of the same namespace and name.
  it.each([
    ["", "956c4f81-1a84-5f98-b0ee-194d2252e138"],
    [`sha256:${"0".repeat(64)}`, "ce244161-6786-5c7f-a9f3-766b0ec017f4"],
    [`sha256:${HEX}`, "9acb0f5c-06db-5133-a8f8-e451f5c21a87"],
    ["flickr:Müller 📷", "4bf24e5a-3f83-51e7-8232-2c2763eaf1c8"],
  ])("of %j", (name, id) => expect(uuidV5(name, sha1Bytes)).toBe(id));
});

describe("contentHash", () => {
  it("is taken apart into the digits it was made of", () => expect(hexOf(contentHash(HEX))).toBe(HEX));

  it.each([HEX.toUpperCase(), HEX.slice(1), `${HEX}0`, `${HEX}\n`, "", `sha256:${HEX}`])(
    "refuses %j",
    (hex) => {
      expect(() => contentHash(hex)).toThrow(RangeError);
      expect(isContentHash(hex)).toBe(hex.startsWith("sha256:"));
    },
  );
});

describe("isPhotoId", () => {
  it.each([
    [ID, true],
    [ID.toUpperCase(), false],
    [ID.replaceAll("-", ""), false],
    ["c6b73333-67b7-4fba-ab4d-ee908e5b0d5d", false],
    ["c6b73333-67b7-5fba-cb4d-ee908e5b0d5d", false],
    [`${ID}\n`, false],
  ])("%j: %s", (text, isId) => expect(isPhotoId(text)).toBe(isId));
});

describe("blobKey", () => {
  const hash = contentHash(HEX);

  it("puts a photo into the month of its wall clock", () => {
    expect(blobKey("2024-01-31T23:30:00-08:00", ID, hash, "jpg")).toBe(`2024/01/${ID}-${HEX}.jpg`);
    expect(blobKey(null, ID, hash, "")).toBe(`undated/${ID}-${HEX}`);
    expect(blobKey("2024-02-30T00:00:00", ID, hash, "cr2")).toBe(`undated/${ID}-${HEX}.cr2`);
  });

  it.each(["JPG", "../x", "jpg/", "a.b", "elevenchars", "jp g", "jpg\n"])(
    "refuses the extension %j",
    (extension) => {
      expect(() => blobKey(null, ID, hash, extension)).toThrow(RangeError);
    },
  );

  it.each([
    `/2024/01/${ID}-${HEX}.jpg`,
    `../${ID}-${HEX}.jpg`,
    `2024/01/../${ID}-${HEX}.jpg`,
    `2024/1/${ID}-${HEX}.jpg`,
    `2024\\01\\${ID}-${HEX}.jpg`,
    `2024/01/${ID}-${HEX}.jpg~`,
    `2024/01/${ID}-${HEX}.jpg\n`,
    `2024/01/${ID}.jpg`,
    "2024/01/.photosync-tmp",
  ])("is not %j", (text) => expect(isBlobKey(text)).toBe(false));
});

describe("documentPath", () => {
  it("never leaves the folder of documents", () => {
    expect(documentPath("2024-01-15T10:30:00Z", ID)).toBe(`photos/2024/01/${ID}.json`);
    expect(documentPath("../../etc/passwd", ID)).toBe(`photos/undated/${ID}.json`);
  });
});
