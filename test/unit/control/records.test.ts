import { describe, expect, it } from "vitest";
import { documentsAt, parseJson, parsePhoto, photoEdit } from "../../../src/control/records.js";
import type { PhotoDocument } from "../../../src/domain/photo.js";
import { photoDocument, variantOf } from "../../fakes/fake-catalog.js";
import { commitOk, makeWorld } from "./native-git.js";

const photo = photoDocument({ variants: [variantOf("picture", { content: "edited", stores: ["local"] })] });
const path = `photos/2024/01/${photo.photo_id}.json`;
const text = (value: string) => new TextEncoder().encode(value);
const codeOf = (at: string, bytes: Uint8Array) => {
  const read = parsePhoto(at, bytes);
  return read.kind === "invalid" ? read.failure.code : read.kind;
};

describe("parsePhoto", () => {
  it("reads back what photoEdit writes, wherever the document lies", () => {
    const { bytes } = photoEdit(path, photo);
    expect(parsePhoto(path, bytes ?? new Uint8Array())).toEqual({ kind: "ok", document: photo });
    expect(codeOf(`photos/anywhere/${photo.photo_id}.json`, bytes ?? new Uint8Array())).toBe("ok");
  });

  it.each([
    ["document.not-json", "nothing", text("")],
    ["document.not-json", "a torn file", text('{"photo_id": "')],
    ["document.not-json", "bytes that are no UTF-8", Uint8Array.of(0x7b, 0xff, 0x7d)],
    [
      "document.not-json",
      "Git's merge markers",
      text('{\n<<<<<<< HEAD\n"a": 1\n=======\n"a": 2\n>>>>>>> b\n}'),
    ],
    ["document.invalid", "a missing field", text(JSON.stringify({ ...photo, metadata: undefined }))],
    ["document.invalid", "an unknown field", text(JSON.stringify({ ...photo, colour: "red" }))],
    ...["2031-02-30T10:00:00", "2031-13-01T10:00:00Z", "2031-01-01T25:00:00+01:00"].map(
      (taken_date): [string, string, Uint8Array] => [
        "document.invalid",
        `the impossible date ${taken_date}`,
        text(JSON.stringify({ ...photo, metadata: { ...photo.metadata, taken_date } })),
      ],
    ),
    ["document.misnamed", "another photo", text(JSON.stringify(photoDocument({ content: "other" })))],
  ])("refuses with %s %s", (code, _what, bytes) => expect(codeOf(path, bytes)).toBe(code));

  it("does not take a caption for merge markers", () => {
    const document = { ...photo, metadata: { ...photo.metadata, caption: "<<<<<<< HEAD\n=======\n>>>>>>>" } };
    expect(parsePhoto(path, photoEdit(path, document).bytes ?? new Uint8Array())).toEqual({
      kind: "ok",
      document,
    });
  });
});

describe("photoEdit", () => {
  it("refuses to write what it could not read", () => {
    const wrong: PhotoDocument = { ...photo, source_of_truth_path: "" };
    expect(() => photoEdit(path, wrong)).toThrow(
      expect.objectContaining({ code: "document.invalid", kind: "bug" }),
    );
  });
});

describe("parseJson", () => {
  it("tells a value from a problem", () => {
    expect(parseJson(text("null"))).toEqual({ value: null });
    expect(parseJson(text("[1]"))).toEqual({ value: [1] });
    expect(parseJson(text("nul"))).toHaveProperty("problem");
  });
});

describe("documentsAt", () => {
  it("reads one revision, whatever came after", async () => {
    const world = await makeWorld();
    const revision = await commitOk(world.plane, [photoEdit(path, photo)]);
    await commitOk(world.plane, [{ path, bytes: null }]);
    const documents = documentsAt(world.plane, revision);
    expect(await documents.read(path)).toEqual({ kind: "ok", document: photo });
    expect(await documents.read("photos/2024/02/none.json")).toEqual({ kind: "absent" });
    expect(await documentsAt(world.plane, await world.plane.head()).read(path)).toEqual({ kind: "absent" });
    world.end();
  });
});
