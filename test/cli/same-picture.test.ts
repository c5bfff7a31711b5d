import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { identityField } from "../../src/domain/identity/identity-field.js";
import { below, randomFrom } from "../power-loss/random.js";
import { blobsIn, tempFolderForAll } from "./files.js";
import { Library } from "./library.js";

/** Some eighty soft shapes; those in front move further with `shift`, as when the camera moves. */
function scene(seed: number, shift = 0): Sharp {
  const random = randomFrom(seed);
  const shapes = Array.from({ length: 80 }, (_, n) => {
    const [x, y] = [below(random, 1600) + shift * (1 + n / 20), below(random, 1200)];
    const [rx, ry] = [40 + below(random, 200), 40 + below(random, 150)];
    const colour = [0, 1, 2].map(() => below(random, 256)).join(",");
    return `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="rgb(${colour})" opacity="0.6"/>`;
  });
  return sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="1200"><rect width="1600" height="1200" fill="#778"/>${shapes.join("")}</svg>`,
    ),
  );
}

const exif = (taken: string, fraction: string) => ({
  IFD0: { Make: "Canon", Model: "EOS R6" },
  IFD2: { DateTimeOriginal: taken, SubSecTimeOriginal: fraction, OffsetTimeOriginal: "+02:00" },
});
const TAKEN = "2024:05:01 10:20:30";

let home: string;
let sources: readonly string[];
beforeAll(async () => {
  home = await tempFolderForAll();
  const [camera, phone, burst] = ["camera", "phone", "burst"].map((name) => join(home, name));
  if (camera === undefined || phone === undefined || burst === undefined) return expect.unreachable();
  sources = [camera, phone, burst];
  for (const folder of sources) await mkdir(folder);
  const original = join(camera, "IMG_4711.JPG");
  await scene(1).jpeg({ quality: 94 }).withExif(exif(TAKEN, "25")).toFile(original);
  await sharp(original)
    .resize(800)
    .jpeg({ quality: 70 })
    .withExif(exif(TAKEN, "25"))
    .toFile(join(phone, "IMG_4711.jpg"));
  await sharp(original)
    .extract({ left: 200, top: 100, width: 1000, height: 700 })
    .jpeg({ quality: 80 })
    .withExif(exif(TAKEN, "25"))
    .toFile(join(phone, "IMG_4711-edited.jpg"));
  for (const n of [0, 1, 2]) {
    const frame = scene(2, n * 25)
      .jpeg({ quality: 92 })
      .withExif(exif(`2024:05:02 11:00:0${n}`, `1${n}`));
    await frame.toFile(join(burst, `IMG_50${10 + n}.JPG`));
  }
});

describe("one picture in several files", () => {
  it("is joined by rule where that is certain, asked about where it is not, and a burst stays what it is", async () => {
    const library = await Library.fresh(join(home, "joined"));
    expect(await library.run("discover", ...sources)).toMatchObject({ counts: { new: 6 } });
    const before = library.tree();
    const shown = await library.run("resolve", "--dry-run");
    expect(shown).toMatchObject({ exit: 10, commit: null, counts: { joined: 1, asked: 1, resolved: 4 } });
    expect(library.tree()).toBe(before);

    const resolved = await library.run("resolve");
    expect(resolved).toMatchObject({ exit: 10, counts: { photos: 6, joined: 1, asked: 1, resolved: 4 } });
    expect(resolved.plan).toEqual(shown.plan);
    expect(resolved.plan.filter(({ action }) => action === "join-photos")).toHaveLength(1);

    const { document } = library.photo("IMG_4711.JPG");
    expect(document.media).toMatchObject({
      width: 1600,
      perceptual_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(document.variants).toMatchObject([
      { role: "lower-quality", filename: "IMG_4711.jpg", joined: { by: "rule" } },
    ]);
    expect(document.variants?.[0]?.joined?.reasons).toContain("taken at the same fraction of a second");
    const edited = library.photo("IMG_4711-edited.jpg").document;
    expect(edited.processing_state).toBe("discovered");
    expect(edited.conflicts).toMatchObject([
      { type: "edit_variant", field: identityField(document.content_hash), resolution_required: true },
    ]);
    expect(library.documents().size).toBe(5);

    const tree = library.tree();
    expect(await library.run("resolve")).toMatchObject({ commit: null, counts: { joined: 0, asked: 1 } });
    expect(await library.run("discover", ...sources)).toMatchObject({
      commit: null,
      counts: { new: 0, updated: 0 },
    });
    expect(library.tree()).toBe(tree);

    expect(await library.run("replicate", "--execute")).toMatchObject({ exit: 0, counts: { done: 6 } });
    expect(Object.keys(await blobsIn(join(library.path, "blobs")))).toHaveLength(6);
    expect(await library.run("verify", "--deep")).toMatchObject({ exit: 0 });
  });

  it("comes apart again by undo, and is joined again after it", async () => {
    const library = await Library.fresh(join(home, "undone"));
    await library.run("discover", ...sources);
    const discovered = library.tree();
    await library.run("resolve");
    const resolved = library.documents();
    expect(await library.run("undo")).toMatchObject({ exit: 0 });
    expect(library.tree()).toBe(discovered);
    expect(await library.run("discover", ...sources)).toMatchObject({ commit: null });
    expect(await library.run("resolve")).toMatchObject({ counts: { joined: 1, asked: 1 } });
    expect([...library.documents().keys()]).toEqual([...resolved.keys()]);
    expect(library.photo("IMG_4711.JPG").document.variants).toHaveLength(1);
  });
});
