import path from "node:path";
import sharp from "sharp";
import { below, type Random } from "../power-loss/random.js";
import { chart, comic, drawnFrom, scan, screenshot, slide } from "./drawings.js";
import type { Exposure } from "./scene.js";
import type { Circumstances, Shot, Stage } from "./stage.js";
import type { Change } from "./variants.js";

const CAMERA = { make: "Canon", model: "Canon EOS R6" } as const;
const NOBODYS: Circumstances = { clock: 0, fraction: null, camera: null, number: 0, prefix: "", zone: 0 };
const DAYS = [1, 15, 28].map((day) => `2024-02-${String(day).padStart(2, "0")}T00:00:00`);

const copyAt = (random: Random): Change => ({
  kind: "rendition",
  quality: 60 + below(random, 36),
  longSide: [1024, 1600, 2048][below(random, 3)] ?? 1024,
});

/**
 * Pictures that look like one another, of which each source holds another one, so that no sibling gives them away: what a rule that
 * trusts a look, or a picture's being the only one of its kind, would join.
 */
export async function paintLookAlikes(stage: Stage, dir: string, random: Random): Promise<void> {
  const kinds = [
    ["page scanned twice", scan, "Rechnung Mai"],
    ["slides of one talk", slide, "Talk in Lyon"],
    ["screen a minute later", screenshot, "Bank balance"],
    ["chart drawn anew", chart, "Umsatz"],
    ["comic drawn anew", comic, "Strip for Anna"],
  ] as const;
  for (const [scenario, draw, name] of kinds) {
    const seed = below(random, 1_000_000);
    const words = `${name} ${below(random, 90_000) + 10_000} final`;
    const shots: Shot[] = [];
    for (const nth of [0, 1]) {
      const id = `${name}-${seed}-${nth}`;
      const file = path.join(dir, `${id}.jpg`);
      const { width, height } = await sharp(Buffer.from(drawnFrom(draw, nth, seed)))
        .flatten({ background: "#fff" })
        .jpeg({ quality: 92 })
        .toFile(file);
      // Only the first lies in the folder; the second is known from the service alone.
      shots.push(
        nth === 0
          ? await stage.keepAs(scenario, id, file, { width, height }, `${words}.jpg`, DAYS[below(random, 3)])
          : { capture: id, path: file, appearance: { id, kind: "image", marks: [], sources: [] } },
      );
    }
    const [mine, other] = shots;
    if (mine === undefined || other === undefined) continue;
    const uploaded = `2024-03-02T11:${String(10 + below(random, 49))}:07Z`;
    await stage.place(scenario, other, copyAt(random), {
      source: "flickr",
      filename: `${words}.jpg`,
      takenDate: uploaded,
    });
    await stage.place(`${scenario}, true copy`, mine, copyAt(random), {
      source: "google-photos",
      filename: `${words}.jpg`,
    });
  }
  await photographs(stage, random);
}

/** Frames that cannot be told apart by their looks: still life on a tripod, goods on a table, a camera on a roof. */
async function photographs(stage: Stage, random: Random): Promise<void> {
  const clock = 1_690_000_000 + below(random, 9_000_000);
  const numbered = (number: number, after: number): Circumstances => ({
    clock: clock + after,
    fraction: null,
    camera: CAMERA,
    number,
    prefix: "IMG_",
    zone: 60,
  });
  const shoot = async (scenario: string, seed: number, exposure: Exposure, where: Circumstances) =>
    stage.shoot(scenario, seed, false, exposure, where);

  const culled = below(random, 1_000_000);
  await shoot("burst, another frame kept at each", culled, { noise: 0 }, numbered(8001, 0));
  const second = await stage.unkept(culled, { noise: 1 });
  await stage.place("burst, another frame kept at each", second, copyAt(random), {
    source: "flickr",
    filename: `${54_000_000_000 + below(random, 9_000_000)}_ab12cd_b.jpg`,
    takenDate: new Date(clock * 1000).toISOString().slice(0, 19),
  });

  const goods = below(random, 1_000_000);
  for (const nth of [0, 1, 2]) {
    const where = numbered(8101 + nth, 100 + nth * 20);
    const shot = await shoot("goods on a table", goods, { noise: nth, subject: nth * 0.006 }, where);
    await stage.google("goods on a table", shot, where, copyAt(random));
    await stage.flickr("goods on a table", shot, where, copyAt(random));
  }

  const roof = below(random, 1_000_000);
  for (const [nth, source] of ["folder", "flickr", "google-photos"].entries()) {
    const frame = await stage.unkept(roof, { noise: nth });
    await stage.place("camera on a roof, one name", frame, copyAt(random), {
      source,
      filename: "image.jpg",
      ...(source !== "folder" && { takenDate: `2024-05-0${nth}T12:00:0${nth}Z` }),
    });
  }
  for (let quarter = 0; quarter < 4; quarter += 1) {
    const where = { ...NOBODYS, prefix: "cam_", number: 41 + quarter, clock: clock + 90_000 + quarter * 900 };
    await shoot("camera on a roof, every quarter hour", roof, { noise: 10 + quarter }, where);
  }
}
