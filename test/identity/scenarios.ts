import path from "node:path";
import sharp from "sharp";
import { below, pick, type Random, randomFrom } from "../power-loss/random.js";
import { scan, screenshot } from "./drawings.js";
import type { Labelled } from "./labelled.js";
import { paintLookAlikes } from "./look-alikes.js";
import type { Exposure } from "./scene.js";
import { type Circumstances, Stage } from "./stage.js";
import type { Change } from "./variants.js";

const CAMERAS = [
  { make: "Apple", model: "iPhone 13" },
  { make: "Canon", model: "Canon EOS R6" },
  { make: "SONY", model: "ILCE-7M4" },
] as const;
const PREFIXES = ["IMG_", "DSC0", "P102"] as const;
/** 1 May 2023: every scene gets an hour of its own from here. */
const FIRST_CLOCK = 1_682_935_200;

interface World {
  readonly stage: Stage;
  readonly random: Random;
  readonly dir: string;
  scenes: number;
}

function circumstances(world: World): Circumstances {
  const { random } = world;
  world.scenes += 1;
  return {
    clock: FIRST_CLOCK + world.scenes * 3600 + below(random, 3000),
    fraction: random() < 0.6 ? below(random, 99) + 1 : null,
    camera: pick(random, CAMERAS),
    number: 1000 + world.scenes * 20,
    prefix: pick(random, PREFIXES),
    zone: pick(random, [0, 60, 120, 330, -480]),
  };
}

const rendition = (random: Random): Change => ({
  kind: "rendition",
  quality: 60 + below(random, 36),
  longSide: pick(random, [1024, 1280, 1600, 2048]),
});

/** Frames of one scene, each with what both services make of it. */
async function frames(
  world: World,
  scenario: string,
  exposures: readonly (Exposure & { readonly after?: number; readonly other?: Partial<Circumstances> })[],
): Promise<void> {
  const { stage, random } = world;
  const base = circumstances(world);
  const seed = below(random, 1_000_000);
  const isPortrait = random() < 0.3;
  for (const [nth, { after = 0, other, ...exposure }] of exposures.entries()) {
    const hundredths = Math.round(after * 100) + (base.fraction ?? 0);
    const where: Circumstances = {
      ...base,
      number: base.number + nth,
      clock: base.clock + Math.floor(hundredths / 100),
      fraction: base.fraction === null ? null : hundredths % 100,
      ...other,
    };
    const shot = await stage.shoot(scenario, seed, isPortrait, exposure, where);
    await stage.google(scenario, shot, where, rendition(random));
    await stage.flickr(scenario, shot, where, rendition(random));
  }
}

async function edits(world: World): Promise<void> {
  const { stage, random } = world;
  const where = circumstances(world);
  const shot = await stage.shoot("edited", below(random, 1_000_000), false, {}, where);
  const changes: readonly Change[] = [
    { kind: "crop", part: 0.6 + random() * 0.35 },
    { kind: "turn", degrees: pick(random, [90, 180, 270]) },
    { kind: "colour", how: pick(random, ["grey", "warm", "bright"]) },
  ];
  for (const change of changes) await stage.google("edited", shot, where, change);
  await stage.flickr("edited", shot, where, pick(random, changes));
}

/** Pictures of one kind that are drawn, not photographed: each is a capture of its own. */
async function drawn(
  world: World,
  scenario: string,
  count: number,
  draw: (nth: number, random: Random) => string,
  where: (nth: number, base: Circumstances) => Circumstances,
): Promise<void> {
  const { stage, random, dir } = world;
  const base = circumstances(world);
  const seed = below(random, 1_000_000);
  for (let nth = 0; nth < count; nth += 1) {
    const id = `${scenario}-${world.scenes}-${nth}`;
    const file = path.join(dir, `${id}.jpg`);
    const info = await sharp(Buffer.from(draw(nth, randomFrom(seed))))
      .flatten({ background: "#fff" })
      .jpeg({ quality: 92 })
      .toFile(file);
    const circumstance = where(nth, base);
    const shot = await stage.keep(
      scenario,
      id,
      file,
      { width: info.width, height: info.height },
      circumstance,
    );
    await stage.google(scenario, shot, circumstance, rendition(random));
  }
}

const black = (nth: number): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="2400" height="1800"><rect width="2400" height="1800" fill="rgb(${nth},${nth},${2 + nth})"/></svg>`;

/** All scenarios, painted into a folder: the same seed and scale give the same pictures. */
export async function paintScenarios(dir: string, seed: number, scale: number): Promise<readonly Labelled[]> {
  const random = randomFrom(seed);
  const world: World = { stage: new Stage(dir, random), random, dir, scenes: 0 };
  const times = async (usual: number, act: () => Promise<void>): Promise<void> => {
    for (let nth = 0; nth < Math.max(1, Math.round(usual * scale)); nth += 1) await act();
  };
  const jitter = () => (random() - 0.5) * 0.02;
  await times(30, () => frames(world, "plain", [{}]));
  await times(10, () => edits(world));
  await times(5, () =>
    frames(
      world,
      "burst",
      [0, 1, 2, 3].map((nth) => ({
        noise: nth,
        after: nth * 0.14,
        dx: jitter(),
        dy: jitter(),
        subject: nth * 0.01,
      })),
    ),
  );
  await times(4, () =>
    frames(
      world,
      "tripod burst",
      [0, 1, 2].map((noise) => ({ noise, after: noise * 0.2 })),
    ),
  );
  await times(4, () =>
    frames(
      world,
      "bracket",
      [0, -1, 1].map((stops, noise) => ({ noise, stops, after: noise * 0.15 })),
    ),
  );
  await times(5, () =>
    frames(world, "a second apart", [{ noise: 0 }, { noise: 1, after: 1, dx: jitter() / 4, subject: 0.01 }]),
  );
  await times(5, () =>
    frames(world, "two people", [
      { noise: 0, other: { camera: CAMERAS[0], prefix: "IMG_" } },
      {
        noise: 1,
        zoom: 1.04,
        dx: 0.02,
        other: { camera: CAMERAS[1], prefix: "_MG_", source: "friend", number: 7 },
      },
    ]),
  );
  await times(4, () =>
    frames(world, "one name, two shots", [
      { other: { number: 4321 } },
      { other: { number: 4321 }, noise: 9, after: 86_400, dx: 0.05 },
    ]),
  );
  const counted = (nth: number, base: Circumstances): Circumstances => ({
    ...base,
    number: base.number + nth,
  });
  await times(4, () =>
    drawn(world, "screenshot", 3, screenshot, (nth, base) => ({
      ...counted(nth, base),
      camera: null,
      fraction: null,
      prefix: "Screenshot_20230501-",
      clock: base.clock + nth * 2,
    })),
  );
  await times(4, () =>
    drawn(world, "scan", 2, scan, (nth, base) => ({
      ...base,
      camera: null,
      fraction: null,
      prefix: "scan",
      number: nth,
      clock: base.clock + nth * 40,
    })),
  );
  await times(3, () =>
    drawn(world, "black frame", 3, black, (nth, base) => ({ ...counted(nth, base), fraction: null })),
  );
  await times(2, () => paintLookAlikes(world.stage, dir, random));
  return world.stage.pictures;
}

/** A handful of them: three pictures and a burst, each in a folder and at both services. */
export async function paintFew(dir: string, seed: number): Promise<readonly Labelled[]> {
  const random = randomFrom(seed);
  const world: World = { stage: new Stage(dir, random), random, dir, scenes: 0 };
  for (let nth = 0; nth < 3; nth += 1) await frames(world, "plain", [{}]);
  await frames(world, "burst", [{ noise: 0 }, { noise: 1, after: 0.3, subject: 0.01 }]);
  return world.stage.pictures;
}
