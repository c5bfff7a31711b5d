import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import sharp, { type Sharp } from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compareLooks } from "../../../src/domain/identity/look-alike.js";
import { sketchOf } from "../../../src/domain/identity/sketch.js";
import { SharpPictures } from "../../../src/infra/media/sharp-pictures.js";
import { blobs } from "../domain/identity/seen-pictures.js";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "sharp-pictures-"));
});
afterAll(() => rm(dir, { recursive: true }));

const call = { signal: new AbortController().signal };
const reader = new SharpPictures();
const painted = (): Sharp =>
  sharp(Buffer.from(blobs(21)), { raw: { width: 64, height: 64, channels: 3 } }).resize(1200, 900, {
    fit: "fill",
    kernel: "cubic",
  });
async function seen(picture: Sharp, name: string) {
  const file = path.join(dir, name);
  await picture.toFile(file);
  const look = await reader.look(file, call);
  if (look.kind !== "seen") throw new Error(look.reason);
  return { ...look, sketch: sketchOf(look) };
}

describe("looking at pictures", () => {
  it("gives the same pixels for the same bytes, and an equal look for another size, quality and format", async () => {
    const original = await seen(painted().jpeg({ quality: 95 }), "original.jpg");
    const again = await seen(painted().jpeg({ quality: 95 }), "again.jpg");
    expect(again.rgb).toEqual(original.rgb);
    expect(original).toMatchObject({ width: 1200, height: 900 });
    const file = path.join(dir, "original.jpg");
    for (const [name, other] of [
      ["small.jpg", sharp(file).resize(613).jpeg({ quality: 60 })],
      ["other.webp", sharp(file).resize(1024).webp({ quality: 75 })],
      ["other.png", sharp(file).png()],
    ] as const) {
      const { sketch } = await seen(other, name);
      expect(compareLooks(original.sketch, sketch).likeness).toBe("equal");
    }
  });

  it("sees a picture upright, whatever its orientation says", async () => {
    const upright = await seen(painted().jpeg(), "upright.jpg");
    const lying = sharp(path.join(dir, "upright.jpg")).rotate(270).withMetadata({ orientation: 6 }).jpeg();
    const turned = await seen(lying, "turned.jpg");
    expect(turned).toMatchObject({ width: 1200, height: 900 });
    expect(compareLooks(upright.sketch, turned.sketch).likeness).toBe("equal");
  });

  it("takes grey pictures and transparent ones, which lie on white", async () => {
    const grey = await seen(painted().grayscale().jpeg(), "grey.jpg");
    expect(grey.rgb).toHaveLength(64 * 64 * 3);
    const clear = { r: 0, g: 0, b: 0, alpha: 0 };
    const empty = await seen(
      sharp({ create: { width: 80, height: 80, channels: 4, background: clear } }).png(),
      "a.png",
    );
    expect([...new Set(empty.rgb)]).toEqual([255]);
  });

  it("says why it cannot read what is broken, missing or cut off", async () => {
    await writeFile(path.join(dir, "broken.jpg"), "no picture");
    const whole = await painted().jpeg().toBuffer();
    await writeFile(path.join(dir, "cut.jpg"), whole.subarray(0, whole.length / 2));
    for (const name of ["broken.jpg", "missing.jpg", "cut.jpg"]) {
      expect(await reader.look(path.join(dir, name), call)).toMatchObject({ kind: "unreadable" });
    }
  });

  it("stops when it is told to", async () => {
    const signal = AbortSignal.abort();
    await expect(reader.look(path.join(dir, "original.jpg"), { signal })).rejects.toMatchObject({
      code: "cancelled",
    });
  });
});
