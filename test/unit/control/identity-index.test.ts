import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openCatalog } from "../../../src/control/catalog.js";
import { identityIndex } from "../../../src/control/identity-index.js";
import { type LocalIndex, openLocalIndex } from "../../../src/control/local-index.js";
import { photoEdit } from "../../../src/control/records.js";
import { identityField } from "../../../src/domain/identity/identity-field.js";
import { CROWD } from "../../../src/domain/identity/keys.js";
import { knownPicture } from "../../../src/domain/identity/known-picture.js";
import { FINE_SIZE, sketchOf } from "../../../src/domain/identity/sketch.js";
import { documentPath } from "../../../src/domain/ids.js";
import type { PhotoDocument } from "../../../src/domain/photo.js";
import { photoDocument, variantOf } from "../../fakes/fake-catalog.js";
import { call, commitOk, drop, makeWorld, type World } from "./native-git.js";

let world: World;
let index: LocalIndex;
beforeEach(async () => {
  world = await makeWorld();
  index = await openLocalIndex(world.dir, { scratch: false });
});
afterEach(async () => {
  await index.close();
  world.end();
});

const pathOf = ({ metadata, photo_id }: PhotoDocument): string => documentPath(metadata.taken_date, photo_id);
const refreshed = async () => {
  await openCatalog(index, world.plane, await world.plane.head(), call);
  return identityIndex(index);
};
const commit = (...documents: readonly PhotoDocument[]) =>
  commitOk(
    world.plane,
    documents.map((document) => photoEdit(pathOf(document), document)),
  );
const known = (document: PhotoDocument) => knownPicture(document) ?? expect.unreachable();

const photo = (content: string, filename: string, taken: string, more: Partial<PhotoDocument> = {}) =>
  photoDocument({ content, filename, taken, with: more });

describe("identityIndex", () => {
  it("tells of a picture what its document tells, variants that were joined and judgements of a person included", async () => {
    const joined = { by: "rule", at: "2026-01-01T00:00:00Z", reasons: ["the same file name"] } as const;
    const other = photo("other", "IMG_9.jpg", "2020-01-01T00:00:01");
    const document = photoDocument({
      content: "one",
      variants: [
        { ...variantOf("one", { content: "small", role: "lower-quality" }), joined },
        variantOf("one", { content: "edit" }),
      ],
      with: {
        media: { mime_type: "image/jpeg", bytes: 3, width: 40, height: 30, orientation: 6 },
        instances: {
          flickr: {
            id: "53",
            quality: "original",
            last_sync: "2026-01-01T00:00:00Z",
            visibility: "private",
          },
        },
        sources: {
          original: [
            {
              id: photoDocument({ content: "one" }).content_hash,
              facts: { taken_date: "2024-01-15T10:30:00.25+01:00", camera_info: { make: "Canon" } },
              raw: {},
            },
          ],
          flickr: [
            { id: "53", facts: {}, raw: { tags: { tag: [{ raw: `photosync:id=${"a".repeat(32)}` }] } } },
          ],
        },
        resolutions: [
          {
            field: identityField(other.content_hash),
            by: "person",
            rule: "different pictures",
            value: "different",
            resolved_at: "2026-01-01T00:00:00Z",
          },
        ],
      },
    });
    await commit(document);
    const found = (await refreshed()).picture(document.photo_id);
    expect(found).toEqual(known(document));
    expect(found?.original).toMatchObject({
      takenDate: "2024-01-15T10:30:00.25+01:00",
      camera: { make: "Canon" },
      width: 30,
      height: 40,
      isOriginal: true,
      sources: ["flickr"],
      marks: expect.arrayContaining(["flickr:53", `photosync:${"a".repeat(32)}`]),
    });
    expect(found?.joined).toHaveLength(1);
    expect(found?.apart).toEqual([other.content_hash]);
  });

  it("knows no films and no RAW files", async () => {
    const film = photo("f", "a.mp4", "2024-01-01T00:00:01", {
      media: { mime_type: "video/mp4", bytes: 1 },
    });
    const raw = photo("r", "b.nef", "2024-01-01T00:00:01", {
      media: { mime_type: "image/x-nikon-nef", bytes: 1 },
    });
    await commit(film, raw);
    const pictures = await refreshed();
    expect([pictures.picture(film.photo_id), pictures.picture(raw.photo_id)]).toEqual([null, null]);
  });

  it("finds who shares a second or a name, follows each commit, and is the same when made from nothing", async () => {
    const one = photo("one", "IMG_1234.jpg", "2024-01-15T10:30:07");
    const sameSecond = photo("two", "whatever.jpg", "2024-01-15T09:30:07Z");
    const sameName = photo("three", "IMG_1234 (1).JPG", "2021-01-15T10:30:09");
    const neither = photo("four", "IMG_4.jpg", "2021-02-15T10:31:01");
    await commit(one, sameSecond, sameName, neither);
    const all = [sameSecond.photo_id, sameName.photo_id].sort();
    expect((await refreshed()).sharing(known(one))).toEqual(all);

    const moved = { ...sameName, metadata: { ...sameName.metadata, filename: "IMG_7.jpg" } };
    await commitOk(world.plane, [drop(pathOf(sameSecond)), photoEdit(pathOf(moved), moved)]);
    expect((await refreshed()).sharing(known(one))).toEqual([]);
    await commit(sameName);
    const pictures = await refreshed();
    expect(pictures.sharing(known(one))).toEqual([sameName.photo_id]);

    const entries = () => Array.from(index.candidates.getKeys({}), (key) => Buffer.from(key).toString("hex"));
    const [before, rows] = [entries(), [...index.pictures.getRange({})]];
    index.state.removeSync("revision");
    await refreshed();
    expect(entries()).toEqual(before);
    expect([...index.pictures.getRange({})]).toEqual(rows);
  });

  it("finds an upload's original by the mark that photosync left on it, from either side", async () => {
    const original = photo("one", "holiday.jpg", "2024-01-15T10:30:07");
    const upload = photo("two", "53.jpg", "2022-03-03T03:03:03", {
      instances: {
        flickr: { id: "53", quality: "medium", last_sync: "2026-01-01T00:00:00Z", visibility: "private" },
      },
      sources: {
        flickr: [
          {
            id: "53",
            facts: {},
            raw: { tags: [`photosync:id=${original.photo_id.replaceAll("-", "")}`] },
          },
        ],
      },
    });
    await commit(original, upload);
    const pictures = await refreshed();
    expect(pictures.sharing(known(upload))).toEqual([original.photo_id]);
    expect(pictures.sharing(known(original))).toEqual([upload.photo_id]);
  });

  it("does not take a crowd for evidence", async () => {
    const crowd = Array.from({ length: CROWD }, (_, n) =>
      photo(
        `c${n}`,
        "IMG_1234.jpg",
        `20${String(10 + (n % 10))}-01-01T00:00:${String(1 + (n % 50)).padStart(2, "0")}`,
      ),
    );
    await commit(...crowd);
    const [first = expect.unreachable()] = crowd;
    expect((await refreshed()).sharing(known(first))).toHaveLength(CROWD - 1);
    await commit(photo("one more", "IMG_1234.jpg", "2001-05-05T05:05:05"));
    const byName = photo("asks", "IMG_1234.jpg", "1995-07-07T07:07:07");
    expect((await refreshed()).sharing(known(byName))).toEqual([]);
  });

  it("remembers how pictures look, in less than a page each, and which cannot be decoded", async () => {
    const rgb = Uint8Array.from({ length: 64 * 64 * 3 }, (_, at) => (at * 7 + ((at >> 6) ^ 13) * 3) & 0xff);
    const sketch = sketchOf({ rgb, fine: new Uint8Array(FINE_SIZE * FINE_SIZE) });
    const page = sketchOf({
      rgb: new Uint8Array(64 * 64 * 3).fill(250),
      fine: Uint8Array.from({ length: FINE_SIZE * FINE_SIZE }, (_, at) => (at % 5 === 0 ? 20 : 250)),
    });
    const hash = photoDocument({ content: "seen" }).content_hash;
    const flat = photoDocument({ content: "page" }).content_hash;
    const bad = photoDocument({ content: "bad" }).content_hash;
    const pictures = await refreshed();
    expect(pictures.look(hash)).toBeUndefined();
    pictures.keepLook(hash, sketch);
    pictures.keepLook(flat, page);
    pictures.keepLook(bad, null);
    expect(pictures.look(hash)).toEqual(sketch);
    expect(pictures.look(flat)).toEqual(page);
    expect(pictures.look(bad)).toBeNull();
  });
});
