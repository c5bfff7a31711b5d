import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { archiveLooksLikeTakeout, looksLikeTakeout } from "../../../src/services/google-takeout/detect.js";
import { albumJson, sidecarJson } from "../../fixtures/takeout/takeout-builder.js";

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "photosync-takeout-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(name: string, bytes: Uint8Array | string = "x"): Promise<void> {
  await mkdir(dirname(join(root, name)), { recursive: true });
  await writeFile(join(root, name), bytes);
}

describe("looksLikeTakeout", () => {
  it.each(["", "Takeout", "Takeout/Google Fotos"])(
    "knows an export by its folders, given at '%s'",
    async (level) => {
      await put("Takeout/Google Fotos/Fotos von 2026/a.jpg");
      expect(await looksLikeTakeout(join(root, level))).toBe(true);
    },
  );

  it.each(["", "Ekport/Bildoj", "Ekport/Bildoj/2023 jaro"])(
    "knows one by its sidecars, given at '%s'",
    async (level) => {
      await put("Ekport/Bildoj/2023 jaro/a.jpg.json", sidecarJson({ title: "a.jpg" }));
      expect(await looksLikeTakeout(join(root, level))).toBe(true);
    },
  );

  it("knows one by the name of a sidecar that cannot be read", async () => {
    await put("unpacked/a.jpg");
    await symlink("gone", join(root, "unpacked", "a.jpg.supplemental-metadata.json"));
    expect(await looksLikeTakeout(join(root, "unpacked"))).toBe(true);
  });

  it("takes no other folder for one", async () => {
    await put("pictures/a.jpg");
    await put("pictures/a.jpg.json", '{"title": "a"}');
    await put("pictures/b.jpg.json", "not json");
    await put("pictures/metadata.json", albumJson("Trip"));
    await put("Google Photos/mine.jpg");
    await put("takeout-20260601T101112Z-001.zip");
    expect(await looksLikeTakeout(root)).toBe(false);
    expect(await looksLikeTakeout(join(root, "gone"))).toBe(false);
  });
});

describe("archiveLooksLikeTakeout", () => {
  it.each([
    [["Takeout/Google Photos/a/b.jpg"], true],
    [["Photos from 2023/a.jpg", "Photos from 2023/a.jpg.supplemental-metadata(1).json"], true],
    [["Drive/Takeout/a.jpg", "a.jpg.json"], false],
    [[], false],
  ])("%j: %s", (names, answer) => {
    expect(archiveLooksLikeTakeout(names)).toBe(answer);
  });
});
