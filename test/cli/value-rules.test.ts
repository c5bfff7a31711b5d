import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { DEFAULT_RULES } from "../../src/domain/rules.js";
import { writeZip } from "../fixtures/archive/zip-writer.js";
import { albumsJson, EXPORT_SECRET, exportTag, photoJson } from "../fixtures/flickr/export-builder.js";
import { exifBlock, TAG } from "../fixtures/media/exif-block.js";
import { albumJson, sidecarJson } from "../fixtures/takeout/takeout-builder.js";
import { picture, put, tempFolder } from "./files.js";
import { Library } from "./library.js";

/** A sidecar as photo managers write it. */
const xmp = (inner: string): string => `<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:exif="http://ns.adobe.com/exif/1.0/"
 xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">
${inner}
</rdf:Description></rdf:RDF></x:xmpmeta>`;
const listed = (name: string, kind: "Alt" | "Bag", ...values: readonly string[]): string =>
  `<${name}><rdf:${kind}>${values
    .map((value) => `<rdf:li${kind === "Alt" ? ' xml:lang="x-default"' : ""}>${value}</rdf:li>`)
    .join("")}</rdf:${kind}></${name}>`;

interface Case {
  readonly rule: string;
  readonly field: string;
  /** What Flickr's export says. */
  readonly flickr?: Readonly<Record<string, unknown>>;
  /** What the sidecar in the folder says. */
  readonly folder?: string;
  readonly chosen?: unknown;
  /** Rules that claim more and cover it as well. */
  readonly alsoBy?: readonly string[];
}

/** As Flickr writes that it knows no date, so that Google alone gives one. */
const UNDATED = { date_taken: "0000-00-00 00:00:00" };

const CASES: readonly Case[] = [
  {
    rule: "text_form",
    field: "caption",
    flickr: { description: "Sunset  at sea" },
    folder: listed("dc:description", "Alt", "Sunset at sea"),
    chosen: "Sunset at sea",
    alsoBy: ["service_mangling", "caption_contained"],
  },
  {
    rule: "service_mangling",
    field: "caption",
    flickr: { description: "Tom &amp; Jerry" },
    folder: listed("dc:description", "Alt", "Tom &amp; Jerry"),
    chosen: "Tom & Jerry",
  },
  {
    rule: "filename_title",
    field: "title",
    flickr: { name: "IMG_3" },
    folder: listed("dc:title", "Alt", "Low tide"),
    chosen: "Low tide",
  },
  {
    rule: "caption_contained",
    field: "caption",
    flickr: { description: "Sunset" },
    folder: listed("dc:description", "Alt", "Sunset at the beach"),
    chosen: "Sunset at the beach",
  },
  {
    rule: "same_instant",
    field: "taken_date",
    folder: "<exif:DateTimeOriginal>2019-05-05T10:20:30+02:00</exif:DateTimeOriginal>",
    chosen: "2019-05-05T10:20:30+02:00",
  },
  {
    rule: "only_day",
    field: "taken_date",
    flickr: { date_taken: "2019-05-06 00:00:00" },
    folder: "<exif:DateTimeOriginal>2019-05-06T18:01:02</exif:DateTimeOriginal>",
    chosen: "2019-05-06T18:01:02",
  },
  {
    rule: "scan_date",
    field: "taken_date",
    flickr: { date_taken: "1987-07-01 00:00:00" },
    chosen: "1987-07-01T00:00:00",
  },
  {
    rule: "place_precision",
    field: "location",
    flickr: { geo: [{ latitude: "51500000", longitude: "7200000", accuracy: "11" }] },
    folder:
      "<exif:GPSLatitude>51,30.0120N</exif:GPSLatitude><exif:GPSLongitude>7,12.0060E</exif:GPSLongitude>",
  },
  {
    rule: "camera_form",
    field: "camera_info",
    folder: "<tiff:Make>Maker</tiff:Make><tiff:Model>Maker Camera 9</tiff:Model>",
    chosen: { make: "Maker", model: "Maker Camera 9" },
  },
  {
    rule: "tag_union",
    field: "tags",
    flickr: { tags: [exportTag("sea")] },
    folder: listed("dc:subject", "Bag", "beach"),
    chosen: ["beach", "sea"],
  },
  { rule: "album_union", field: "albums", flickr: UNDATED },
  {
    rule: "people_union",
    field: "people",
    flickr: UNDATED,
    folder: listed("Iptc4xmpExt:PersonInImage", "Bag", "Ada"),
  },
  { rule: "most_restrictive_visibility", field: "visibility", flickr: { privacy: "public" } },
];

const idOf = (at: number): string => String(52_000_000_000 + at);
const dayOf = (at: number): string => String(at + 1).padStart(2, "0");

async function bytesOf({ rule }: Case, at: number): Promise<Buffer> {
  if (rule !== "scan_date") return picture(at);
  const scan = await picture(at);
  const exif = exifBlock({
    main: { [TAG.make]: "EPSON", [TAG.model]: "Perfection V600" },
    exif: { [TAG.taken]: "2021:03:04 18:00:00", [TAG.digitized]: "2021:03:04 18:00:00" },
  });
  // SOI, an APP1 of its own, and the picture without the segment that sharp wrote.
  const body = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), exif]);
  const head = Buffer.from([0xff, 0xd8, 0xff, 0xe1, (body.length + 2) >> 8, (body.length + 2) & 0xff]);
  const own = scan.indexOf(Buffer.from([0xff, 0xe1]));
  const rest = own < 0 ? scan.subarray(2) : scan.subarray(own + 2 + scan.readUInt16BE(own + 2));
  return Buffer.concat([head, body, rest]);
}

/** Three sources that say each case's different things of the same bytes. */
async function sourcesIn(home: string): Promise<readonly string[]> {
  const folder = join(home, "pictures");
  const [account, media, takeout] = [
    "72157711111111111_0a1b2c3d4e5f_part1.zip",
    "data-download-1.zip",
    "takeout-20260601T101112Z-001.zip",
  ].map((name) => join(home, name));
  const pictures = await Promise.all(CASES.map((one, at) => bytesOf(one, at + 1)));
  const numbered = CASES.map((one, at) => ({
    ...one,
    id: idOf(at + 1),
    name: `IMG_${at + 1}.jpg`,
    at: at + 1,
  }));
  for (const { name, folder: said, at } of numbered) {
    await put(folder, name, pictures[at - 1] ?? "");
    if (said !== undefined) await put(folder, `${name}.xmp`, xmp(said));
  }
  await writeZip(account ?? "", [
    ...numbered.map(({ id, at, flickr }) =>
      photoJson(id, { name: "", date_taken: `2019-05-${dayOf(at - 1)} 10:20:30`, ...flickr }),
    ),
    albumsJson({ id: "72157600000000001", title: "Coast", photos: [idOf(11)] }),
  ]);
  await writeZip(
    media ?? "",
    numbered.map(({ id, at }) => ({
      name: `${id}_${EXPORT_SECRET}_o.jpg`,
      bytes: pictures[at - 1] ?? Buffer.of(),
    })),
  );
  const album = "Takeout/Google Photos/Rome";
  const google = numbered.filter(({ field }) => field === "albums" || field === "people");
  await writeZip(takeout ?? "", [
    { name: `${album}/metadata.json`, bytes: albumJson("Rome") },
    ...google.flatMap(({ name, at, field }) => [
      { name: `${album}/${name}`, bytes: pictures[at - 1] ?? Buffer.of() },
      {
        name: `${album}/${name}.supplemental-metadata.json`,
        bytes: sidecarJson({
          title: name,
          takenSeconds: Date.UTC(2019, 4, at, 10, 20, 30) / 1000,
          ...(field === "people" && { people: ["Bob"] }),
        }),
      },
    ]),
  ]);
  return [folder, account ?? "", media ?? "", takeout ?? ""];
}

async function setRules(library: Library, rules: readonly string[]): Promise<void> {
  const path = join(library.path, "config", "user-preferences.json");
  const preferences = JSON.parse(await readFile(path, "utf8"));
  await writeFile(path, `${JSON.stringify({ ...preferences, auto_resolve: rules }, null, 2)}\n`);
  library.ownersChanges = " M config/user-preferences.json";
}

it("settles what each rule covers and records it, and asks where the rule is off", async () => {
  const home = await tempFolder();
  const library = await Library.fresh(join(home, "library"));
  expect(await library.run("discover", ...(await sourcesIn(home)))).toMatchObject({
    exit: 0,
    counts: { new: CASES.length },
  });

  await setRules(library, []);
  const none = await library.run("resolve", "--dry-run");
  expect(none.exit).toBe(10);
  const asked = (open: typeof none.open) =>
    open.flatMap(({ conflicts }) => conflicts.map(({ field }) => field)).sort();
  expect(asked(none.open)).toEqual(CASES.map(({ field }) => field).sort());
  for (const { rule, alsoBy = [] } of CASES) {
    const off = [rule, ...alsoBy];
    await setRules(
      library,
      DEFAULT_RULES.filter((name) => !off.includes(name)),
    );
    expect([rule, asked((await library.run("resolve", "--dry-run")).open)]).toEqual([
      rule,
      CASES.filter((one) => off.includes(one.rule)).map(({ field }) => field),
    ]);
  }

  await setRules(library, DEFAULT_RULES);
  // They are what a new library has.
  library.ownersChanges = "";
  expect(await library.run("resolve")).toMatchObject({
    exit: 0,
    counts: { needs_human: 0, resolved: CASES.length },
  });
  for (const [at, { rule, field, chosen }] of CASES.entries()) {
    const { document } = library.photo(`IMG_${at + 1}.jpg`);
    expect(document.conflicts).toEqual([]);
    const resolution = document.resolutions?.find((one) => one.field === field);
    // United albums and people need no record, nor does a level that is no narrower than what a new library gives.
    if (["albums", "people", "visibility"].includes(field)) expect(resolution).toBeUndefined();
    else expect(resolution).toMatchObject({ by: "rule", rule });
    if (chosen !== undefined) expect(document.metadata).toMatchObject({ [field]: chosen });
  }
  expect(library.photo("IMG_11.jpg").document.albums).toEqual(["Coast", "Rome"]);
  expect(library.photo("IMG_12.jpg").document.people).toEqual(["Ada", "Bob"]);
  // The document of a scanned print stands where the picture was taken.
  expect(library.photo("IMG_7.jpg").path).toContain("photos/1987/07/");
});
