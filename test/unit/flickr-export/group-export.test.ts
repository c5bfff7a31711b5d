import { describe, expect, it } from "vitest";
import { albumsJson, EXPORT_SECRET, exportTag, photoJson } from "../../fixtures/flickr/export-builder.js";
import { group, inPart, picture, text, video } from "./grouping.js";

const A = "52000000007";
const B = "52000000008";

describe("words and pictures", () => {
  it("meet by the id in the name, wherever they lie, and every stream gets one account", async () => {
    const { findings, accounts, problems, notes, photo } = await group([
      inPart("data-download-7.zip", picture(`harbour-1999_12_${A}_o.jpg`)),
      photoJson(A, {
        description: "At <b>dawn</b>",
        privacy: "public",
        geo: { latitude: "48123456", longitude: "-11500000", accuracy: "16" },
        tags: [exportTag("Two Words"), exportTag("photosync:id=ab"), exportTag("checksum:md5=ff")],
      }),
      albumsJson({ id: "72157600000000001", title: "Sea", photos: [A, "0"] }),
      text("account_profile.json", '{"nsid":"1@N01"}'),
      text("contacts_part001.json", "{}"),
      text("__MACOSX/._x", "x"),
    ]);
    expect(findings).toHaveLength(1);
    expect(photo(A).instances).toMatchObject([
      {
        id: A,
        quality: "original",
        visibility: "public",
        url: `https://www.flickr.com/photos/ada/${A}/`,
        record: {
          id: A,
          facts: {
            taken_date: "2019-05-04T10:20:30",
            title: "Harbour",
            caption: "At <b>dawn</b>",
            location: { lat: 48.123456, lng: -11.5 },
            tags: ["Two Words"],
            albums: ["Sea"],
          },
          raw: { license: "All Rights Reserved" },
        },
      },
    ]);
    expect(accounts.map(({ verdict }) => verdict).sort()).toEqual([
      ...["album", "ignored", "ignored", "ignored", "photo", "sidecar"],
    ]);
    expect([problems, notes]).toEqual([[], []]);
  });

  it.each([
    [`${A}_${EXPORT_SECRET}_o.jpg`, `${A}_o.jpg`],
    [`${A}_01ab23cd45_o.jpg`, `${A}_o.jpg`],
    [`IMG_1234_${A}_o.jpg`, `IMG_1234_${A}_o.jpg`],
    [`trip_${B}9_${A}_o (2).png`, `trip_${B}9_${A}_o (2).png`],
  ])("finds the id in %s and names the file %s", async (name, filename) => {
    const { photo } = await group([picture(name), photoJson(A)]);
    expect(photo(A).original.filename).toBe(filename);
  });

  it("keep no address that gives out the bytes", async () => {
    const { findings } = await group([picture(`harbour_${A}_o.jpg`), photoJson(A)]);
    expect(JSON.stringify(findings)).not.toContain(EXPORT_SECRET);
  });

  it("of photos with equal bytes are two instances of one photo", async () => {
    const { findings } = await group([
      ...[picture(`a_${A}_o.jpg`, "same"), picture(`b_${B}_o.jpg`, "same")],
      ...[photoJson(A, { privacy: "public" }), photoJson(B)],
    ]);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.instances.map(({ id, visibility }) => [id, visibility])).toEqual([
      [A, "public"],
      [B, "private"],
    ]);
  });

  it("come from several exports with the later one's words last, told by the views", async () => {
    const { photo, accounts } = await group([
      picture(`a_${A}_o.jpg`),
      inPart("9_part1.zip", photoJson(A, { count_views: "3", name: "Before" })),
      inPart("1_part1.zip", photoJson(A, { count_views: "40", name: "After", privacy: "public" })),
      inPart("2_part1.zip", photoJson(A, { count_views: "40", name: "After", privacy: "public" })),
    ]);
    const { instances } = photo(A);
    expect(instances.map(({ record, visibility }) => [record?.facts.title, visibility])).toEqual([
      ["Before", "private"],
      ["After", "public"],
    ]);
    expect(accounts.filter(({ verdict }) => verdict === "sidecar")).toHaveLength(3);
  });
});

describe("a video", () => {
  it("is not its poster, which stays beside it", async () => {
    const { findings, verdict } = await group([
      ...[picture(`sea_${A}_o.jpg`), video(`sea_${A}.mov`), photoJson(A)],
    ]);
    expect(findings).toMatchObject([
      {
        original: { filename: `sea_${A}.mov` },
        variants: [{ role: "other", instances: [{ id: A, record: null }] }],
      },
    ]);
    expect(verdict(`sea_${A}_o.jpg`)).toBe("variant");
  });
});

it("a size that Flickr made is never the original", async () => {
  const { photo } = await group([picture(`sea_${A}_b.jpg`), photoJson(A)]);
  expect(photo(A).instances.map(({ quality }) => quality)).toEqual(["medium"]);
  const both = await group([picture(`a_${A}_b.jpg`), picture(`z_${A}_o.jpg`), photoJson(A)]);
  expect(both.photo(A)).toMatchObject({
    original: { filename: `z_${A}_o.jpg` },
    variants: [{ role: "lower-quality" }],
  });
});

describe("privacy words", () => {
  it.each([
    ["public", "public"],
    ["private", "private"],
    ["friends only", "friends"],
    ["Family", "friends"],
    ["friend & family", "friends"],
    ["not public", "unknown"],
    ["private (friends)", "unknown"],
    ["unlisted", "unknown"],
    ["", "unknown"],
    [7, "unknown"],
    [null, "unknown"],
  ])("%j: %s", async (privacy, level) => {
    const { photo } = await group([picture(`a_${A}_o.jpg`), photoJson(A, { privacy })]);
    expect(photo(A).instances[0]?.visibility).toBe(level);
  });
});

describe("odd values", () => {
  it.each([
    [[{ latitude: "48123456", longitude: "-11500000" }], { lat: 48.123456, lng: -11.5 }],
    [
      { latitude: 48123456, longitude: -11500000 },
      { lat: 48.123456, lng: -11.5 },
    ],
    [
      { latitude: "48.5", longitude: "11.25" },
      { lat: 48.5, lng: 11.25 },
    ],
    [{ latitude: "0", longitude: "0", accuracy: "0" }, undefined],
    [[], undefined],
    [{ latitude: "98123456", longitude: "0" }, undefined],
  ])("geo %j is the place %j", async (geo, location) => {
    const { photo } = await group([picture(`a_${A}_o.jpg`), photoJson(A, { geo })]);
    expect(photo(A).instances[0]?.record?.facts.location).toEqual(location);
  });

  it("become warnings and lose no photo", async () => {
    const { photo } = await group([
      picture(`a_${A}_o.jpg`),
      photoJson(A, { tags: "x", date_taken: "soon", geo: 3, name: 4, photopage: "javascript:x" }),
    ]);
    const [instance] = photo(A).instances;
    expect(instance?.url).toBeUndefined();
    expect(instance?.record?.facts).toEqual({ warnings: expect.any(Array) });
    expect(instance?.record?.facts.warnings).toHaveLength(3);
  });

  it("a date of taking that is the moment of upload is none", async () => {
    const { photo } = await group([
      picture(`a_${A}_o.jpg`),
      photoJson(A, { date_taken: "2019-05-06 08:00:00" }),
    ]);
    expect(photo(A).instances[0]?.record?.facts.taken_date).toBeUndefined();
  });
});

describe("albums", () => {
  it("of one id are as the export says that saw them last", async () => {
    const set = { id: "72157600000000001" };
    const { photo } = await group([
      ...[picture(`a_${A}_o.jpg`), picture(`b_${B}_o.jpg`), photoJson(A), photoJson(B)],
      inPart("2_part1.zip", albumsJson({ ...set, title: "New", photos: [B], updated: 1_600_000_000 })),
      inPart("1_part1.zip", albumsJson({ ...set, title: "Old", photos: [A, B], updated: 1_500_000_000 })),
    ]);
    expect(photo(A).instances[0]?.record?.facts.albums).toBeUndefined();
    expect(photo(B).instances[0]?.record?.facts.albums).toEqual(["New"]);
  });
});

describe("what is lacking", () => {
  it("is told: pictures, words, and photos that only albums name", async () => {
    const { notes, verdict, photo } = await group([
      photoJson(A),
      picture(`lone_${B}_o.jpg`),
      albumsJson({ id: "1", title: "Sea", photos: [A, B, "52000000099"] }),
    ]);
    expect(notes).toHaveLength(3);
    expect(notes[0]).toContain(A);
    expect(notes[1]).toContain(`lone_${B}_o.jpg`);
    expect(notes[2]).toContain("52000000099");
    expect(verdict(`photo_${A}.json`)).toBe("sidecar");
    expect(photo(B).instances).toMatchObject([
      { visibility: "unknown", record: { facts: { albums: ["Sea"] } } },
    ]);
  });

  it("a name that could be read in two ways gives no id", async () => {
    const { findings } = await group([picture(`123456789_1234567890_o.jpg`)]);
    expect(findings[0]?.instances[0]?.id).toBe("123456789_1234567890_o.jpg");
  });
});

describe("hostile and broken input", () => {
  it("is reported for what it is, and the rest goes on", async () => {
    const { findings, problems, verdict } = await group([
      ...[picture(`a_${A}_o.jpg`), text(`photo_${A}.json`, "{"), text("albums.json", "[[[")],
      ...[text(`b_${B}_o.jpg`, ""), photoJson(B)],
      inPart("x.zip", { ...photoJson("52000000055"), name: "photo_52000000056.json" }),
      ...[text("who.json", '{"a":1}'), text("readme.txt", "x"), text("data-download-3.zip", "PK")],
    ]);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.instances[0]).toMatchObject({ id: A, visibility: "unknown" });
    expect([...problems].sort()).toEqual([
      ...["media.unreadable", "sidecar.invalid-json", "sidecar.invalid-json"],
    ]);
    expect(verdict(`b_${B}_o.jpg`)).toBe("failed");
    expect(verdict(`photo_${B}.json`)).toBe("sidecar");
    expect(verdict("photo_52000000056.json")).toBe("unexplained");
    expect(["who.json", "readme.txt", "data-download-3.zip"].map(verdict)).toEqual([
      ...["unexplained", "unexplained", "ignored"],
    ]);
  });

  it("stops when aborted", async () => {
    await expect(group([photoJson(A)], AbortSignal.abort())).rejects.toMatchObject({ code: "cancelled" });
  });
});
