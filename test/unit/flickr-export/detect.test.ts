import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { archiveRole, folderRole } from "../../../src/services/flickr-export/detect.js";
import { albumsJson, photoJson } from "../../fixtures/flickr/export-builder.js";

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "photosync-flickr-export-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(name: string, bytes: Uint8Array | string = "x"): Promise<void> {
  await mkdir(dirname(join(root, name)), { recursive: true });
  await writeFile(join(root, name), bytes);
}

const ID = "52000000007";

describe("archiveRole", () => {
  it.each([
    ["any.zip", ["account_profile.json", `photo_${ID}.json`], "words"],
    ["any.zip", ["albums.json", "galleries.json"], "words"],
    ["72157711111111111_0a1b2c3d4e5f_part2.zip", ["faves_part001.json"], "words"],
    ["data-download-1.zip", [`a_${ID}_o.jpg`, `video_${ID}.mp4`], "media"],
    ["mine.zip", [`a_${ID}_o.jpg`, "b.jpg"], null],
    ["mine.zip", ["IMG_1.jpg", "notes_o.txt"], null],
    ["takeout.zip", [`Takeout/Google Photos/a/photo_${ID}.json`], null],
    ["empty.zip", [], null],
  ])("%s with %j: %s", (name, entries, role) => {
    expect(archiveRole(name, entries)).toBe(role);
  });
});

describe("folderRole", () => {
  it("knows unpacked words by their content", async () => {
    await put(`photo_${ID}.json`, photoJson(ID).bytes);
    await put("IMG_1.jpg");
    expect(await folderRole(root)).toBe("words");
    expect(await folderRole(join(root, "gone"))).toBeNull();
  });

  it("knows words and media unpacked beside each other", async () => {
    await put("account/albums.json", albumsJson({ id: "1", title: "Sea", photos: [ID] }).bytes);
    await put(`data-download-1/a_${ID}_o.jpg`);
    expect(await folderRole(root)).toBe("words");
    expect(await folderRole(join(root, "data-download-1"))).toBe("media");
  });

  it("takes nobody's own pictures for Flickr's because an export lies among them", async () => {
    await put(`old/flickr/photo_${ID}.json`, photoJson(ID).bytes);
    await put("2024/IMG_1.jpg");
    expect(await folderRole(root)).toBeNull();
  });

  it("is not deceived by names alone", async () => {
    await put(`photo_${ID}.json`, '{"id":"1"}');
    await put("albums.json", '{"albums":[{"title":"x"}]}');
    expect(await folderRole(root)).toBeNull();
  });
});
