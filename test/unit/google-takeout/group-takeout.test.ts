import { describe, expect, it } from "vitest";
import { messyTakeout } from "../../fixtures/takeout/takeout-builder.js";
import { album, group, hashOf, inPart, media, other, sidecar, unpacked } from "./grouping.js";

const YEAR = "Photos from 2023";
const factsOf = (finding: Awaited<ReturnType<typeof group>>["findings"][number] | undefined) =>
  finding?.instances[0]?.record?.facts;

describe("one photo", () => {
  it("has the service's id, and its sidecar's facts and words", async () => {
    const { findings } = await group([
      media(`${YEAR}/IMG_1.jpg`),
      sidecar(`${YEAR}/IMG_1.jpg.supplemental-metadata.json`, { id: "AF1Qip_1", description: "A dog" }),
    ]);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.original.filename).toBe("IMG_1.jpg");
    expect(findings[0]?.instances[0]).toMatchObject({
      id: "AF1Qip_1",
      url: "https://photos.google.com/photo/AF1Qip_1",
      quality: "original",
      visibility: "unknown",
      record: {
        id: "AF1Qip_1",
        facts: { caption: "A dog", filename: "IMG_1.jpg" },
        raw: { imageViews: "3" },
      },
    });
  });

  it("goes by its path where the sidecar tells no id, and stands without a sidecar", async () => {
    const { findings, notes } = await group([
      media(`${YEAR}/a.jpg`),
      sidecar(`${YEAR}/a.jpg.json`),
      media(`${YEAR}/b.jpg`),
    ]);
    expect(findings.map(({ instances }) => instances[0]?.id)).toEqual([`${YEAR}/a.jpg`, `${YEAR}/b.jpg`]);
    expect(findings[1]?.instances[0]?.record).toBeNull();
    expect(notes.join()).toContain(`${YEAR}/b.jpg`);
  });

  it("is found again in its albums: places, albums and ids united", async () => {
    const { findings, verdict } = await group([
      media(`${YEAR}/a.jpg`, "same"),
      sidecar(`${YEAR}/a.jpg.json`, { id: "one" }),
      media("Trip_/a.jpg", "same"),
      sidecar("Trip_/a.jpg.json", { id: "one" }),
      album("Trip_", "Trip?"),
      media("Zoo/a.jpg", "same"),
    ]);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.instances).toHaveLength(1);
    expect(findings[0]?.original.locations).toHaveLength(3);
    expect(findings[0]?.original.locations[0]?.entry).toContain(YEAR);
    expect(factsOf(findings[0])?.albums).toEqual(["Trip?", "Zoo"]);
    expect(verdict("Trip_/metadata.json")).toBe("album");
  });

  it("has several instances where the same bytes are several photos of the service", async () => {
    const { findings } = await group([
      media(`${YEAR}/a.jpg`, "same"),
      sidecar(`${YEAR}/a.jpg.json`, { id: "one" }),
      media(`${YEAR}/b.jpg`, "same"),
      sidecar(`${YEAR}/b.jpg.json`, { id: "two" }),
    ]);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.instances.map(({ id }) => id)).toEqual(["one", "two"]);
  });

  it("is not another one of the same name", async () => {
    const { findings } = await group([media(`${YEAR}/a.jpg`, "x"), media("Photos from 2022/a.jpg", "y")]);
    expect(findings).toHaveLength(2);
  });

  it("never takes a sidecar for its numbered twin", async () => {
    const { photo, verdict } = await group([
      media(`${YEAR}/a.jpg`),
      media(`${YEAR}/a(1).jpg`),
      sidecar(`${YEAR}/a.jpg.json`, { id: "one" }),
    ]);
    expect(photo(`${YEAR}/a.jpg`)?.instances[0]?.id).toBe("one");
    expect(photo(`${YEAR}/a(1).jpg`)?.instances[0]?.record).toBeNull();
    expect(verdict(`${YEAR}/a.jpg.json`)).toBe("sidecar");
  });
});

describe("parts", () => {
  it("brings photo, sidecar and album file together from different parts", async () => {
    const part = (number: number) => `takeout-20260601T101112Z-1-00${number}.tgz`;
    const { findings } = await group([
      inPart(media("Trip/a.jpg"), part(1)),
      inPart(sidecar("Trip/a.jpg.json", { id: "one" }), part(2)),
      inPart(album("Trip", "The trip"), part(3)),
    ]);
    expect(findings[0]?.instances[0]).toMatchObject({
      id: "one",
      record: { facts: { albums: ["The trip"] } },
    });
  });

  it("keeps exports apart that use one name for different photos", async () => {
    const later = "takeout-20260801T101112Z-001.zip";
    const { photo, findings } = await group([
      media(`${YEAR}/a.jpg`, "x"),
      sidecar(`${YEAR}/a.jpg.json`, { id: "one" }),
      inPart(media(`${YEAR}/a.jpg`, "y"), later),
      inPart(sidecar(`${YEAR}/a.jpg.json`, { id: "two" }), later),
    ]);
    expect(findings.map(({ instances }) => instances[0]?.id).sort()).toEqual(["one", "two"]);
    expect(photo(`${YEAR}/a.jpg`)?.original.hash).toBe(hashOf(media("", "x").bytes));
  });

  it("keeps what an earlier export said of a photo, and lets the later one speak last", async () => {
    const later = "takeout-20260801T101112Z-001.zip";
    const { findings } = await group([
      media(`${YEAR}/a.jpg`),
      sidecar(`${YEAR}/a.jpg.json`, { id: "one", description: "old" }),
      inPart(media(`${YEAR}/a.jpg`), later),
      inPart(sidecar(`${YEAR}/a.jpg.json`, { id: "one", description: "new" }), later),
    ]);
    expect(findings).toHaveLength(1);
    const told = findings[0]?.instances.map(({ id, record }) => [id, record?.facts.caption]);
    expect(told).toEqual([
      ["one", "old"],
      ["one", "new"],
    ]);
  });

  it("joins an unpacked part with a packed one", async () => {
    const lone = sidecar(`${YEAR}/a.jpg.json`, { id: "one" });
    const { findings } = await group([
      media(`${YEAR}/a.jpg`),
      unpacked(lone, `Takeout/Google Photos/${YEAR}/a.jpg.json`),
    ]);
    expect(findings[0]?.instances[0]?.id).toBe("one");
  });

  it("accounts for a sidecar whose photo is in a part not given", async () => {
    const { verdict, notes } = await group([sidecar(`${YEAR}/a.jpg.json`)]);
    expect(verdict(`${YEAR}/a.jpg.json`)).toBe("sidecar");
    expect(notes).toHaveLength(1);
  });
});

describe("folders", () => {
  const year = media(`${YEAR}/a.jpg`);
  const words = sidecar(`${YEAR}/a.jpg.json`, { id: "one" });
  it.each([
    ["around Takeout", "backup/Takeout/Google Photos/Photos from 2023"],
    ["Takeout in French, with its odd space", "Takeout/Google\u00a0Photos/Photos from 2023"],
    ["the Photos folder", "Google Fotos/Fotos von 2023"],
    ["a language nobody knows", "Takeout/Gugel Fotoj/2023 jaro"],
    ["a renamed Photos folder", "my export/Photos from 2023"],
    ["one year", "Photos from 2023"],
  ])("are read when given from %s", async (_, folder) => {
    const { findings, accounts } = await group([
      unpacked(year, `${folder}/a.jpg`),
      unpacked(words, `${folder}/a.jpg.json`),
    ]);
    expect(findings[0]?.instances[0]?.id).toBe("one");
    expect(accounts.map(({ verdict }) => verdict)).toEqual(["photo", "sidecar"]);
  });

  it("with a year in an album's name are albums", async () => {
    const { photo } = await group([
      media(`${YEAR}/a.jpg`),
      media("Photos from 2019 reunion/b.jpg"),
      media("Summer 2019/c.jpg"),
      media("Photos from 2020/d.jpg"),
      album("Photos from 2020", "Photos from 2020"),
    ]);
    expect(photo(`${YEAR}/a.jpg`)?.instances[0]?.record).toBeNull();
    expect(factsOf(photo("Photos from 2019 reunion/b.jpg"))?.albums).toEqual(["Photos from 2019 reunion"]);
    expect(factsOf(photo("Summer 2019/c.jpg"))?.albums).toEqual(["Summer 2019"]);
    expect(factsOf(photo("Photos from 2020/d.jpg"))?.albums).toEqual(["Photos from 2020"]);
  });

  it("without a title give no album name, wrapped titles do", async () => {
    const { photo } = await group([
      media("Sans titre(9)/a.jpg"),
      media("Untitled/b.jpg"),
      album("Untitled"),
      media("Old/c.jpg"),
      { ...album("Old"), bytes: new TextEncoder().encode('{"albumData": {"title": "Older"}}') },
    ]);
    expect(photo("Sans titre(9)/a.jpg")?.instances[0]?.record).toBeNull();
    expect(photo("Untitled/b.jpg")?.instances[0]?.record).toBeNull();
    expect(factsOf(photo("Old/c.jpg"))?.albums).toEqual(["Older"]);
  });

  it("for archive and trash tell what the sidecar leaves unsaid, and are no albums", async () => {
    const { photo } = await group([
      media("Archive/a.jpg"),
      media("Papierkorb/b.jpg"),
      media("Bin/c.jpg"),
      sidecar("Bin/c.jpg.json", { more: { trashed: false } }),
    ]);
    expect(factsOf(photo("Archive/a.jpg"))).toEqual({ archived: true });
    expect(factsOf(photo("Papierkorb/b.jpg"))).toEqual({ trashed: true });
    expect(factsOf(photo("Bin/c.jpg"))?.trashed).toBe(false);
  });

  it("of an album may hold sidecars alone, whose photos lie in the year", async () => {
    const { findings, verdict } = await group([
      media(`${YEAR}/a.jpg`),
      sidecar(`${YEAR}/a.jpg.json`, { id: "one" }),
      sidecar("Trip/a.jpg.json", { id: "one" }),
      media(`${YEAR}/b.jpg`),
      sidecar(`${YEAR}/b.jpg.json`, { takenSeconds: 1_690_000_001 }),
      sidecar("Trip/b.jpg.json", { takenSeconds: 1_690_000_001 }),
      sidecar("Trip/c.jpg.json", { id: "three" }),
      media(`${YEAR}/c.jpg`),
    ]);
    expect(findings.map((finding) => factsOf(finding)?.albums)).toEqual([["Trip"], ["Trip"], ["Trip"]]);
    expect(findings[2]?.instances[0]?.id).toBe("three");
    expect(verdict("Trip/a.jpg.json")).toBe("sidecar");
  });

  it("of other years and albums lend no sidecar by name alone", async () => {
    const { photo } = await group([
      media("Photos from 2019/a.jpg"),
      sidecar("Trip/a.jpg.json", { id: "one" }),
    ]);
    expect(photo("Photos from 2019/a.jpg")?.instances[0]?.record).toBeNull();
  });

  it("of other products, and what systems leave behind, are ignored with a reason", async () => {
    const { accounts } = await group([
      year,
      other("Takeout/Drive/scan.jpg", "x"),
      other("Takeout/archive_browser.html", "x"),
      other("Takeout/Google Photos/Photos from 2023/.DS_Store", "x"),
    ]);
    expect(accounts.map(({ verdict }) => verdict)).toEqual(["photo", "ignored", "ignored", "ignored"]);
    expect(accounts[1]?.detail).toContain("Drive");
  });
});

describe("versions", () => {
  it("go with their original: an edited copy by its suffix", async () => {
    const { findings, accounts } = await group([
      media(`${YEAR}/a.jpg`),
      media(`${YEAR}/a-bearbeitet.jpg`),
      sidecar(`${YEAR}/a.jpg.json`, { id: "one" }),
    ]);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.variants).toMatchObject([
      { role: "edited", instances: [{ id: "one", record: null }] },
    ]);
    expect(accounts.map(({ verdict }) => verdict)).toEqual(["photo", "variant", "sidecar"]);
  });

  it("stand alone where the original is absent, or where they have a sidecar of their own", async () => {
    const { findings } = await group([
      media(`${YEAR}/a-edited.jpg`),
      sidecar(`${YEAR}/a.jpg.json`, { id: "one" }),
      media(`${YEAR}/b.jpg`),
      media(`${YEAR}/b-edited.jpg`),
      sidecar(`${YEAR}/b-edited.jpg.json`, { id: "two" }),
    ]);
    expect(findings.map(({ original, variants }) => [original.filename, variants.length])).toEqual([
      ["a-edited.jpg", 0],
      ["b-edited.jpg", 0],
      ["b.jpg", 0],
    ]);
    expect(findings[0]?.instances[0]?.record?.id).toBe("one");
  });

  it("find the original in the year folder by the service's id, and give it their album", async () => {
    const { findings } = await group([
      media(`${YEAR}/a.jpg`),
      sidecar(`${YEAR}/a.jpg.json`, { id: "one" }),
      media("Trip/a-edited.jpg"),
      sidecar("Trip/a.jpg.json", { id: "one" }),
    ]);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.variants[0]?.role).toBe("edited");
    expect(factsOf(findings[0])?.albums).toEqual(["Trip"]);
  });

  it("include the clip of a live photo, told by Apple's identifier", async () => {
    const { findings } = await group([
      media(`${YEAR}/a.HEIC`, "still", { contentIdentifier: "X" }),
      media(`${YEAR}/a.MP4`, "clip", { contentIdentifier: "X" }),
      sidecar(`${YEAR}/a.HEIC.supplemental-metadata.json`, { id: "one" }),
      sidecar(`${YEAR}/a.MP4.supplemental-metadata.json`, { id: "two" }),
    ]);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.variants).toMatchObject([{ role: "motion", instances: [{ id: "two" }] }]);
  });

  it("exclude a film with its own sidecar, and one that is too long, which gets no words of the picture", async () => {
    const { findings, photo } = await group([
      media(`${YEAR}/a.HEIC`),
      media(`${YEAR}/a.MP4`, "clip", { durationSeconds: 3 }),
      sidecar(`${YEAR}/a.HEIC.json`, { id: "one" }),
      sidecar(`${YEAR}/a.MP4.json`, { id: "two" }),
      media(`${YEAR}/b.HEIC`),
      media(`${YEAR}/b.MP4`, "film", { durationSeconds: 300 }),
      sidecar(`${YEAR}/b.HEIC.json`, { id: "three" }),
    ]);
    expect(findings).toHaveLength(4);
    expect(photo(`${YEAR}/b.MP4`)?.instances[0]?.record).toBeNull();
  });

  it.each([
    ["PXL_20221023_154403118.MP.jpg", "PXL_20221023_154403118.MP"],
    ["PXL_20221023_154403118.MP.jpg", "PXL_20221023_154403118.MP~2"],
    ["PXL_20221023_154403118.MP~2.jpg", "PXL_20221023_154403118.MP~2"],
    ["MVIMG_20180101_120000.jpg", "MVIMG_20180101_120000"],
    ["MVIMG_20180101_120000.jpg", "MVIMG_20180101_120000.MP4"],
    ["PXL_20221023_154403118.jpg", "PXL_20221023_154403118.LS.mp4"],
    ["IMG_1(1).jpg", "IMG_1(1).MOV"],
  ])("include the clip of %s called %s", async (still, clip) => {
    const { findings } = await group([
      media(`${YEAR}/${still}`),
      media(`${YEAR}/${clip}`, "clip", { kind: "video", durationSeconds: 2 }),
    ]);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.variants).toMatchObject([{ role: "motion", file: { filename: clip } }]);
  });

  it("include the RAW beside a JPEG, with its own words", async () => {
    const { findings } = await group([
      media(`${YEAR}/a.JPG`),
      media(`${YEAR}/a.DNG`),
      sidecar(`${YEAR}/a.JPG.json`, { id: "one" }),
      sidecar(`${YEAR}/a.DNG.json`, { id: "two" }),
    ]);
    expect(findings[0]?.variants).toMatchObject([{ role: "raw", instances: [{ record: { id: "two" } }] }]);
  });
});

describe("what cannot be used", () => {
  it("is listed: broken JSON leaves the photo with its own words and a warning", async () => {
    const { findings, problems, verdict } = await group([
      media(`${YEAR}/a.jpg`),
      other(`Takeout/Google Photos/${YEAR}/a.jpg.json`, '{"title": '),
    ]);
    expect(problems).toEqual(["sidecar.invalid-json"]);
    expect(verdict(`${YEAR}/a.jpg.json`)).toBe("failed");
    expect(factsOf(findings[0])?.warnings).toHaveLength(1);
  });

  it("is listed: empty and unreadable pictures fail, and their sidecars stay explained", async () => {
    const { findings, problems, accounts } = await group([
      other(`Takeout/Google Photos/${YEAR}/a.jpg`, ""),
      sidecar(`${YEAR}/a.jpg.json`),
      other(`Takeout/Google Photos/${YEAR}/b.mov`, "not a film"),
    ]);
    expect(findings).toEqual([]);
    expect(problems).toEqual(["media.unreadable", "media.unreadable"]);
    expect(accounts.map(({ verdict }) => verdict)).toEqual(["failed", "sidecar", "failed"]);
  });

  it("is never passed over: unknown files are unexplained, known extras ignored", async () => {
    const root = "Takeout/Google Photos";
    const { accounts } = await group([
      media(`${YEAR}/a.jpg`),
      other(`${root}/notes.txt`, "x"),
      other(`${root}/odd.json`, '{"what": 1}'),
      other(`${root}/list.json`, "[1]"),
      other(`${root}/shared_album_comments.json`, "{}"),
      other(`${root}/user-generated-memory-titles.json`, '{"title": ["x"]}'),
      other(`${root}/order.json`, '{"externalOrderId": "1"}'),
    ]);
    expect(accounts.slice(1).map(({ verdict }) => verdict)).toEqual([
      ...["unexplained", "unexplained", "unexplained", "ignored", "ignored", "ignored"],
    ]);
  });

  it("stops when aborted", async () => {
    const gone = AbortSignal.abort();
    await expect(group([media(`${YEAR}/a.jpg`), sidecar(`${YEAR}/a.jpg.json`)], gone)).rejects.toMatchObject({
      code: "cancelled",
    });
  });
});

it("understands a whole messy export and accounts for every stream", async () => {
  const files = messyTakeout((name) => new TextEncoder().encode(`media:${name}`)).flatMap((part, index) =>
    part.map((file) => ({
      ...file,
      part: `takeout-20260601T101112Z-00${index + 1}.zip`,
      ...(/\.(?:jpg|HEIC|MP4)$/.test(file.name) && file.bytes.length > 0
        ? { traits: { durationSeconds: 2 } }
        : {}),
    })),
  );
  const { findings, accounts, problems, notes } = await group(files);
  const told = findings.map(({ instances, variants }) => [
    instances[0]?.id,
    ...variants.map(({ role }) => role),
  ]);
  expect(told).toEqual([
    ["Archive/IMG_0005.jpg"],
    ["AF1QipColosseum", "edited"],
    ["AF1QipTwin"],
    ["AF1QipTwo"],
    ["AF1QipLive", "motion"],
    [`${YEAR}/IMG_0007.jpg`],
    [`${YEAR}/Screenshot_20231027_123303_Facebook.jpg`],
  ]);
  expect(
    findings.find(({ instances }) => instances[0]?.id === "AF1QipTwo")?.instances[0]?.record?.facts.albums,
  ).toEqual(["Trip to Rome?"]);
  expect(problems.sort()).toEqual(["media.unreadable", "sidecar.invalid-json"]);
  expect(notes).toHaveLength(1);
  expect(accounts).toHaveLength(files.length);
});
