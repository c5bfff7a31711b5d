/**
 * Makes `samples/`: a folder of small pictures with real metadata and a Google Takeout export in two parts, as `photosync
 * demo` and the sample library at the root of this checkout use them. Run with `npx tsx scripts/make-samples.ts`.
 */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { writeZip } from "../test/fixtures/archive/zip-writer.js";
import { albumJson, type SidecarValues, sidecarJson } from "../test/fixtures/takeout/takeout-builder.js";

const OUT = new URL("../samples/", import.meta.url).pathname;
const WIDTH = 640;
const HEIGHT = 480;

interface Scene {
  readonly sky: readonly [string, string];
  readonly sun: { readonly x: number; readonly y: number; readonly colour: string };
  readonly hills: readonly string[];
  /** Shifts the shapes, so that no two scenes are the same picture. */
  readonly seed: number;
}

function hill(colour: string, level: number, seed: number): string {
  const points = Array.from({ length: 17 }, (_, step) => {
    const x = (step * WIDTH) / 16;
    const y = level + 38 * Math.sin(step * 0.9 + seed) + 17 * Math.sin(step * 2.3 + seed * 3);
    return `${x.toFixed(0)},${y.toFixed(0)}`;
  });
  return `<polygon fill="${colour}" points="0,${HEIGHT} ${points.join(" ")} ${WIDTH},${HEIGHT}"/>`;
}

const draw = ({ sky, sun, hills, seed }: Scene): Buffer =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">
<defs><linearGradient id="s" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${sky[0]}"/><stop offset="1" stop-color="${sky[1]}"/></linearGradient></defs>
<rect width="100%" height="100%" fill="url(#s)"/><circle cx="${sun.x}" cy="${sun.y}" r="42" fill="${sun.colour}"/>
${hills.map((colour, index) => hill(colour, 270 + index * 70, seed + index)).join("")}</svg>`);

const SCENES = {
  beach: {
    sky: ["#2b4a7f", "#f4a259"],
    sun: { x: 430, y: 230, colour: "#ffe8a3" },
    hills: ["#2a6f97", "#014f86", "#e9c46a"],
    seed: 1,
  },
  alps: {
    sky: ["#8ecae6", "#ffffff"],
    sun: { x: 120, y: 90, colour: "#fff3b0" },
    hills: ["#e8eef2", "#7d8597", "#33415c"],
    seed: 4,
  },
  dunes: {
    sky: ["#f6bd60", "#f7ede2"],
    sun: { x: 320, y: 120, colour: "#fff" },
    hills: ["#dda15e", "#bc6c25", "#99582a"],
    seed: 7,
  },
  forest: {
    sky: ["#a3b18a", "#dad7cd"],
    sun: { x: 520, y: 80, colour: "#fefae0" },
    hills: ["#588157", "#3a5a40", "#344e41"],
    seed: 11,
  },
  night: {
    sky: ["#03071e", "#14213d"],
    sun: { x: 500, y: 110, colour: "#f1faee" },
    hills: ["#1d3557", "#0b132b", "#000814"],
    seed: 15,
  },
  old: {
    sky: ["#cfc3a5", "#efe6d0"],
    sun: { x: 200, y: 140, colour: "#fbf5e4" },
    hills: ["#a08f6f", "#7e6f53", "#57492f"],
    seed: 19,
  },
} as const satisfies Record<string, Scene>;

interface Shot {
  readonly taken?: string;
  readonly offset?: string;
  readonly camera?: readonly [make: string, model: string];
  readonly caption?: string;
  readonly gps?: readonly [latitude: string, latitudeRef: string, longitude: string, longitudeRef: string];
}

async function jpeg(scene: Scene, shot: Shot, quality = 82): Promise<Buffer> {
  const exifDate = shot.taken?.replaceAll("-", ":").replace("T", " ");
  const given = (pairs: Record<string, string | undefined>): Record<string, string> =>
    Object.fromEntries(
      Object.entries(pairs).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
    );
  const exif = {
    IFD0: given({ Make: shot.camera?.[0], Model: shot.camera?.[1], ImageDescription: shot.caption }),
    IFD2: given({ DateTimeOriginal: exifDate, OffsetTimeOriginal: shot.offset }),
    IFD3: given({
      GPSLatitude: shot.gps?.[0],
      GPSLatitudeRef: shot.gps?.[1],
      GPSLongitude: shot.gps?.[2],
      GPSLongitudeRef: shot.gps?.[3],
    }),
  };
  return sharp(draw(scene)).jpeg({ quality, mozjpeg: true }).withExif(exif).toBuffer();
}

const PHONE = ["Example", "Phone 3"] as const;
const CAMERA = ["Example", "DSLR 70"] as const;

const XMP = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4">
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">First light on the ridge</rdf:li></rdf:Alt></dc:description>
<dc:subject><rdf:Bag><rdf:li>mountains</rdf:li><rdf:li>morning</rdf:li></rdf:Bag></dc:subject>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>
`;

async function put(name: string, bytes: Uint8Array | string): Promise<void> {
  await mkdir(dirname(join(OUT, name)), { recursive: true });
  await writeFile(join(OUT, name), bytes);
}

async function main(): Promise<void> {
  await rm(OUT, { recursive: true, force: true });
  const beach = await jpeg(SCENES.beach, {
    taken: "2024-07-14T20:41:09",
    offset: "+02:00",
    camera: PHONE,
    caption: "Sunset at the beach",
    gps: ["43/1 16/1 123/10", "N", "3/1 31/1 204/10", "E"],
  });
  const alps = await jpeg(SCENES.alps, { taken: "2024-09-03T07:12:44", camera: CAMERA });
  const dunes = await jpeg(SCENES.dunes, { taken: "2023-11-20T16:05:31", offset: "+01:00", camera: PHONE });
  const forest = await jpeg(SCENES.forest, { taken: "2023-11-22T11:48:02", offset: "+01:00", camera: PHONE });
  const forestEdited = await jpeg({ ...SCENES.forest, sky: ["#606c38", "#fefae0"] }, { camera: PHONE }, 70);
  const night = await jpeg(SCENES.night, { camera: PHONE });
  const old = await jpeg(SCENES.old, {});

  await put("pictures/2024/IMG_0412.jpg", beach);
  await put("pictures/2024/IMG_0412 (copy).jpg", beach);
  await put("pictures/2024/DSC_1077.jpg", alps);
  await put("pictures/2024/DSC_1077.xmp", XMP);
  await put("pictures/scans/grandmother.jpg", old);

  const year = "Takeout/Google Photos/Photos from 2023";
  const album = "Takeout/Google Photos/A walk in November";
  const beachYear = "Takeout/Google Photos/Photos from 2024";
  const sidecar = (title: string, taken: string, more: Partial<SidecarValues> = {}) =>
    sidecarJson({ title, takenSeconds: Date.parse(taken) / 1000, ...more });
  const duneSidecar = sidecar("PXL_20231120_150531.jpg", "2023-11-20T15:05:31Z", {
    description: "The dunes behind the house",
    more: { favorited: true },
  });
  const zip = (part: number, files: readonly (readonly [string, Uint8Array])[]) =>
    writeZip(
      join(OUT, `takeout-20260601T101112Z-00${part}.zip`),
      files.map(([name, bytes]) => ({ name, bytes })),
    );
  // Photos and their sidecars in different parts, as large exports have them.
  await zip(1, [
    [`${year}/PXL_20231120_150531.jpg`, dunes],
    [`${year}/PXL_20231122_104802.jpg`, forest],
    [`${year}/PXL_20231122_104802-edited.jpg`, forestEdited],
    [`${album}/PXL_20231120_150531.jpg`, dunes],
    [`${beachYear}/IMG_0412.jpg`, beach],
    ["Takeout/archive_browser.html", new TextEncoder().encode("<html><body>Your archive</body></html>\n")],
  ]);
  await zip(2, [
    [`${year}/PXL_20231120_150531.jpg.supplemental-metadata.json`, duneSidecar],
    [
      `${year}/PXL_20231122_104802.jpg.supplemental-metadata.json`,
      sidecar("PXL_20231122_104802.jpg", "2023-11-22T10:48:02Z", { people: ["Ada"] }),
    ],
    [`${album}/metadata.json`, albumJson("A walk in November")],
    [`${album}/PXL_20231120_150531.jpg.supplemental-metadata.json`, duneSidecar],
    [
      `${beachYear}/IMG_0412.jpg.supplemental-metadata.json`,
      sidecar("IMG_0412.jpg", "2024-07-14T18:41:09Z", { description: "Last evening of the holidays" }),
    ],
    [`${beachYear}/night.jpg`, night],
    [
      `${beachYear}/night.jpg.supplemental-metadata.json`,
      sidecar("night.jpg", "2024-12-31T23:02:00Z", { more: { archived: true } }),
    ],
  ]);
}

await main();
