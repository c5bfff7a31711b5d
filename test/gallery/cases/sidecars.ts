import { jpegFile, xmpPacket } from "../../fixtures/media/jpeg-file.js";
import { sidecarJson } from "../../fixtures/takeout/takeout-builder.js";
import type { GalleryCase } from "../gallery-case.js";
import type { World } from "../world.js";

const YEAR = "Takeout/Google Photos/Photos from 2023";
const MIB = 1024 * 1024;

const billionLaughs = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a0 "lol">${Array.from(
  { length: 12 },
  (_, i) => `<!ENTITY a${i + 1} "${`&a${i};`.repeat(10)}">`,
).join("")}]>${xmpPacket("<dc:title>&a12;</dc:title>")}`;

const external = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY h SYSTEM "http://127.0.0.1:9/">]>${xmpPacket("<dc:title>&f;&h;</dc:title>")}`;

const tagList = (count: number): string =>
  xmpPacket(
    `<dc:subject><rdf:Bag>${Array.from({ length: count }, (_, i) => `<rdf:li>tag ${i}</rdf:li>`).join("")}</rdf:Bag></dc:subject>`,
  );

/** XMP sidecars by name, each beside a picture of that name. */
async function withSidecars(
  world: World,
  sidecars: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  await world.good("good.jpg");
  for (const [name, xmp] of Object.entries(sidecars)) {
    await world.good(`${name}.jpg`);
    await world.put(`${name}.jpg.xmp`, xmp);
  }
}

/** Google's sidecars by name, each beside a picture of that name. */
async function withJson(
  world: World,
  sidecars: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  const put = async (name: string, json: string | Uint8Array) => {
    await world.good(`${YEAR}/${name}.jpg`);
    await world.put(`${YEAR}/${name}.jpg.supplemental-metadata.json`, json);
  };
  await put("good", sidecarJson({ title: "good.jpg" }));
  for (const [name, json] of Object.entries(sidecars)) await put(name, json);
}

const like = (more: Readonly<Record<string, unknown>>, name: string): string =>
  JSON.stringify({ ...JSON.parse(Buffer.from(sidecarJson({ title: `${name}.jpg` })).toString()), ...more });

const place = (latitude: unknown, longitude: unknown) => ({
  geoData: { latitude, longitude, altitude: "high" },
});
const time = (timestamp: unknown) => ({ photoTakenTime: { timestamp, formatted: "once" } });

/** XMP and JSON beside photos, and XMP inside them. */
export const SIDECAR_CASES: readonly GalleryCase[] = [
  {
    name: "XMP: entity bombs, external entities, 50,000 nested elements, no end, no XML, UTF-16, 9 MB",
    build: (world) =>
      withSidecars(world, {
        laughs: billionLaughs,
        external,
        nested: xmpPacket(`${"<dc:a>".repeat(50_000)}${"</dc:a>".repeat(50_000)}`),
        open: xmpPacket("<dc:title>".repeat(20_000)),
        attributes: xmpPacket("", Array.from({ length: 20_000 }, (_, i) => `dc:a${i}="${i}"`).join(" ")),
        cut: xmpPacket("<dc:title>x</dc:title>").slice(0, 200),
        none: "just words",
        binary: Buffer.alloc(5000, 0xfe),
        wide: Buffer.from(`\ufeff${xmpPacket("<dc:title>wide</dc:title>")}`, "utf16le"),
        proto: xmpPacket("<dc:__proto__>x</dc:__proto__><dc:constructor>y</dc:constructor>"),
        comment: xmpPacket(`<!--${"-".repeat(MIB)}`),
        huge: Buffer.alloc(9 * MIB, 0x3c),
      }),
    runs: [{ args: ["discover", "{in}"], exit: 3, codes: { "sidecar.invalid-xmp": 8 } }],
  },
  {
    name: "XMP: a megabyte of tags, and 100 MB of them",
    build: async (world) => {
      await withSidecars(world, {
        million: tagList(40_000),
        more: tagList(300_000),
        most: Buffer.alloc(100 * MIB, tagList(1000)),
      });
      await world.put("inside.jpg", jpegFile({ xmp: tagList(2000).slice(0, 60_000) }));
      world.photos.push("inside.jpg");
    },
    runs: [
      { args: ["discover", "{in}"], exit: 3, codes: { "sidecar.invalid-xmp": 1 } },
      { args: ["resolve"], exit: 0 },
      { args: ["list"], exit: 0 },
    ],
  },
  {
    name: "Google's JSON: broken, cut, nested 100,000 deep, empty, UTF-16, no UTF-8, with BOM",
    build: (world) =>
      withJson(world, {
        broken: '{"title": "bro',
        empty: "",
        deep: `${"[".repeat(100_000)}${"]".repeat(100_000)}`,
        objects: `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`,
        utf16: Buffer.from(`\ufeff${like({}, "utf16")}`, "utf16le"),
        bytes: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
        bom: `\ufeff${like({}, "bom")}`,
        nul: "\0".repeat(1000),
        huge: Buffer.alloc(9 * MIB, 0x20),
      }),
    runs: [{ args: ["discover", "{in}"], exit: 3, codes: { "sidecar.invalid-json": 8 } }],
  },
  {
    name: "Google's JSON: arrays for objects, null everywhere, prototype keys, 1e999, lone surrogates",
    build: (world) =>
      withJson(world, {
        array: "[1, 2, 3]",
        text: '"a text"',
        null: "null",
        nulls:
          '{"title": null, "photoTakenTime": null, "geoData": null, "people": null, "url": null, "description": null}',
        lists: '{"title": ["lists.jpg"], "photoTakenTime": [], "geoData": [], "people": {"name": 1}}',
        proto: `{"__proto__": {"title": "polluted"}, "constructor": {"prototype": {"title": "p"}}, "title": "proto.jpg"}`,
        twice: '{"title": "twice.jpg", "title": "other.jpg", "description": "a", "description": "b"}',
        infinite:
          '{"title": "infinite.jpg", "geoData": {"latitude": 1e999, "longitude": -1e999}, "photoTakenTime": {"timestamp": 1e999}}',
        nested: `{"title": "nested.jpg", "more": ${"[".repeat(50_000)}${"]".repeat(50_000)}}`,
        surrogate: like({ description: "\ud800 alone \udc00" }, "surrogate"),
        control: like({ description: "\u0000\u001b[2J\u202e" }, "control"),
        long: like({ description: "x".repeat(2 * MIB) }, "long"),
        people: like(
          { people: Array.from({ length: 20_000 }, (_, i) => ({ name: `person ${i}` })) },
          "people",
        ),
      }),
    runs: [
      {
        args: ["discover", "{in}"],
        exit: 3,
        codes: { "sidecar.invalid-json": 2 },
        maybe: ["takeout.unexplained"],
      },
      { args: ["resolve"], exit: 0 },
      { args: ["list"], exit: 0 },
    ],
  },
  {
    name: "Google's JSON: impossible places and times, titles that are paths",
    build: (world) =>
      withJson(world, {
        north: like(place(999, 0), "north"),
        nan: like(place("NaN", null), "nan"),
        minus: like(time("-1"), "minus"),
        ages: like(time("1000000000000000000"), "ages"),
        words: like(time("soon"), "words"),
        fraction: like(time(1.5), "fraction"),
        up: like({ title: "../../../../escaped.jpg" }, "up"),
        absolute: like({ title: "/etc/passwd" }, "absolute"),
        windows: like({ title: "C:\\Windows\\escaped.jpg" }, "windows"),
        nul: like({ title: "nul\0.jpg" }, "nul"),
        url: like({ url: "javascript:alert(1)", googlePhotosOrigin: [[[]]] }, "url"),
      }),
    runs: [
      { args: ["discover", "{in}"], exit: 0 },
      { args: ["resolve"], exit: 0 },
      { args: ["replicate", "--execute"], exit: 0 },
    ],
  },
  {
    name: "Google's JSON: a sidecar of 100 MB",
    build: (world) => withJson(world, { huge: Buffer.alloc(100 * MIB, '{"title": "huge.jpg"},') }),
    runs: [
      {
        args: ["discover", "{in}"],
        exit: 3,
        codes: {},
        maybe: ["takeout.unexplained", "sidecar.invalid-json"],
      },
    ],
  },
];
