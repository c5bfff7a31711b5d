import { describe, expect, it } from "vitest";
import { pairSidecars, type SidecarName } from "../../../src/services/google-takeout/pair-sidecars.js";

const pairOf = (media: string, ...sidecars: readonly string[]) =>
  pairSidecars(
    [media],
    sidecars.map((name) => ({ name })),
  ).pairs.get(media);

const a45 = `${"a".repeat(41)}.jpg`;
const b46 = `${"b".repeat(42)}.jpg`;

/** Pairs published by users of Takeout, with the rule that is expected to find each. */
const PUBLISHED: readonly (readonly [media: string, sidecar: string, rule: number])[] = [
  ["DSC_0100.JPG", "DSC_0100.JPG.json", 3],
  ["20161105_170829.jpg", "20161105_170829.jpg.supplemental-metadata.json", 2],
  ["MVIMG_20191230_232926.jpg", "MVIMG_20191230_232926.jpg.supplemental-metadat.json", 2],
  ["Screenshot_20200301-161151.png", "Screenshot_20200301-161151.png.supplemental-me.json", 2],
  ["Screenshot_20231027_123303_Facebook.jpg", "Screenshot_20231027_123303_Facebook.jpg.supple.json", 2],
  [a45, `${a45}..json`, 2],
  [b46, `${b46}.json`, 2],
  [
    "Screenshot_2024-08-31-00-53-48-647_com.snapchat.jpg",
    "Screenshot_2024-08-31-00-53-48-647_com.snapcha.json",
    2,
  ],
  [
    "Urlaub in Knaufspesch in der Schneifel (38).JPG",
    "Urlaub in Knaufspesch in der Schneifel (38).JP.json",
    4,
  ],
  [
    "PXL_20230809_203449253.LONG_EXPOSURE-02.ORIGINA.jpg",
    "PXL_20230809_203449253.LONG_EXPOSURE-02.ORIGIN.json",
    2,
  ],
  [`${"😀".repeat(24)}.jpg`, `${"😀".repeat(23)}.json`, 2],
  ["DSC_0101(1).JPG", "DSC_0101.JPG(1).json", 3],
  ["Scan35(1).jpg", "Scan35.jpg.supplemental-metadata(1).json", 2],
  ["Screenshot_20231027_123303_Facebook(1).jpg", "Screenshot_20231027_123303_Facebook.jpg.supple(1).json", 2],
  [
    "13039_327707840323_537645323_9470255_27214_n(1).jpg",
    "13039_327707840323_537645323_9470255_27214_n.j(1).json",
    2,
  ],
  ["img_(87).(vacation stuff).lol(87).jpg", "img_(87).(vacation stuff).lol.jpg(87).json", 3],
  ["IMG_4081(1).jpg", "IMG_4081.JPG(1).json", 7],
  ["skytree (2).jpg", "skytree (2).jpg.supplemental-metadata.json", 4],
  ["IMAG0061-edited.JPG", "IMAG0061.JPG.supplemental-metadata.json", 5],
  ["PXL_20220405_090123740.PORTRAIT-modifié.jpg", "PXL_20220405_090123740.PORTRAIT.jpg.json", 5],
  ["EFFECTS-edited(1).jpg", "EFFECTS.jpg.supplemental-metadata(1).json", 5],
  ["image-edited.jpg", "image-edited.jpg.json", 3],
  ["2234089303984509579-edited.jpg", "2234089303984509579.supplemental-metadata.json", 7],
  ["IMG_2367.HEIC", "IMG_2367.HEIC.supplemental-metadata.json", 2],
  ["IMG_2367.MP4", "IMG_2367.HEIC.supplemental-metadata.json", 7],
  ["PXL_20221023_154403118.MP.jpg", "PXL_20221023_154403118.MP.jpg.supplemental-met.json", 2],
  ["PXL_20221023_154403118.MP", "PXL_20221023_154403118.MP.jpg.supplemental-met.json", 7],
];

describe("published pairs", () => {
  it.each(PUBLISHED)("%s has %s by rule %i", (media, sidecar, rule) => {
    expect(pairOf(media, sidecar)).toMatchObject({ sidecar, rule });
  });

  it.each([
    ["DSC_0104(1).JPG", "DSC_0104.JPG.json"],
    ["DSC_0104(1).JPG", "DSC_0104.JPG.supplemental-metadata.json"],
    ["DSC_0104.JPG", "DSC_0104.JPG(1).json"],
    ["DSC_0102(1).JPG", "DSC_0102.JPG(2).json"],
  ])("%s is another photo than the one of %s, whatever the title says", (media, sidecar) => {
    const title = media.replace("(1)", "");
    expect(pairOf(media, sidecar)).toBeUndefined();
    expect(pairSidecars([media], [{ name: sidecar, title }]).pairs.size).toBe(0);
  });

  it("finds all of them when they lie in one folder", () => {
    const media = PUBLISHED.map(([name]) => name);
    const sidecars = [...new Set(PUBLISHED.map(([, name]) => name))].map((name) => ({ name }));
    const { pairs, ambiguities } = pairSidecars(media, sidecars);
    expect(ambiguities).toEqual([]);
    expect(media.map((name) => [name, pairs.get(name)?.sidecar])).toEqual(
      PUBLISHED.map(([name, sidecar]) => [name, sidecar]),
    );
  });
});

describe("rule by rule", () => {
  it("takes the new style where both exist, and says which one it supersedes", () => {
    const { pairs, superseded } = pairSidecars(
      ["a.jpg"],
      [{ name: "a.jpg.json" }, { name: "a.jpg.supplemental-metadata.json" }],
    );
    expect(pairs.get("a.jpg")?.sidecar).toBe("a.jpg.supplemental-metadata.json");
    expect([...superseded]).toEqual([["a.jpg.json", "a.jpg"]]);
  });

  it("reads both styles in one folder", () => {
    const { pairs } = pairSidecars(
      ["a.jpg", "b.jpg"],
      [{ name: "a.jpg.json" }, { name: "b.jpg.supplemental-metadata.json" }],
    );
    expect([...pairs.values()].map(({ rule }) => rule)).toEqual([3, 2]);
  });

  it("gives an edited copy its own sidecar before the original's", () => {
    const { pairs } = pairSidecars(
      ["image.jpg", "image-edited.jpg"],
      [{ name: "image.jpg.json" }, { name: "image-edited.jpg.json" }],
    );
    expect(pairs.get("image-edited.jpg")).toMatchObject({
      sidecar: "image-edited.jpg.json",
      borrowed: false,
    });
  });

  it("lends the original's sidecar to an edited copy", () => {
    const { pairs, owners } = pairSidecars(
      ["image.jpg", "image-bearbeitet.jpg"],
      [{ name: "image.jpg.json" }],
    );
    expect(pairs.get("image-bearbeitet.jpg")).toMatchObject({ rule: 5, borrowed: true });
    expect(owners.get("image.jpg.json")).toBe("image.jpg");
  });

  it.each([
    [`${"c".repeat(41)}-edite.jpg`, `${"c".repeat(41)}.jpg..json`],
    [`${"c".repeat(45)}-e.jpg`, `${"c".repeat(45)}..json`],
  ])("knows the cut edited suffix of %s", (media, sidecar) => {
    expect(media).toHaveLength(51);
    expect(pairOf(media, sidecar)).toMatchObject({ sidecar, rule: 6 });
  });

  it("tells an original from its edited copy where both are cut to one sidecar name", () => {
    const stem = "c".repeat(46);
    const { pairs } = pairSidecars(
      [`${stem}.jpg`, `${stem}-.jpg`],
      [{ name: `${stem}.json`, title: `${stem}.jpg` }],
    );
    expect(pairs.get(`${stem}.jpg`)).toMatchObject({ rule: 2, borrowed: false });
    expect(pairs.get(`${stem}-.jpg`)).toMatchObject({ rule: 6, borrowed: true });
  });

  it("takes no cut suffix off a name that is not at the limit", () => {
    expect(pairOf("short-edi.jpg", "short.jpg.json")).toBeUndefined();
  });

  it("accepts a sidecar without the extension, and the old endings that are a character short", () => {
    expect(pairOf("scan.jpg", "scan.json")).toMatchObject({ rule: 7 });
    expect(pairOf("123_456_n.jpg", "123_456_.json")).toMatchObject({ rule: 7 });
    expect(pairOf("123_456_n-.jpg", "123_456_n.json")).toMatchObject({ rule: 7 });
    expect(pairOf("123_456_.jpg", "123_456.json")).toMatchObject({ rule: 7 });
  });

  it.each([
    ["MVIMG_20180101_120000", "MVIMG_20180101_120000.jpg.json"],
    ["PXL_20210101_120000000.MP~2", "PXL_20210101_120000000.MP.jpg.json"],
    ["PXL_20210101_120000000.MP~2", "PXL_20210101_120000000.MP~2.jpg.json"],
    ["PXL_20210101_120000000.LS.mp4", "PXL_20210101_120000000.jpg.json"],
    ["DSC1.ARW", "DSC1.JPG.json"],
  ])("%s borrows the still's sidecar %s", (media, sidecar) => {
    expect(pairOf(media, sidecar)).toMatchObject({ sidecar, rule: 7, borrowed: true });
  });

  it("leaves the sidecar of a photo to it when another photo differs by extension alone", () => {
    const { pairs } = pairSidecars(["a.jpg", "a.png"], [{ name: "a.jpg.json" }]);
    expect(pairs.has("a.png")).toBe(false);
  });

  it("finds a sidecar by title when no name leads to it", () => {
    const odd: SidecarName = { name: "holiday.json", title: "Beach: day 1?.jpg" };
    expect(pairSidecars(["Beach_ day 1_.jpg"], [odd]).pairs.get("Beach_ day 1_.jpg")).toMatchObject({
      rule: 8,
    });
  });

  it("asks the title where a name was cut, so that numbers given to cut names lead nobody astray", () => {
    const long = "d".repeat(46);
    const { pairs } = pairSidecars(
      [`${long}X.jpg`, `${long}Y.jpg`],
      [
        { name: `${long}.json`, title: `${long}X and more.jpg` },
        { name: `${long}(1).json`, title: `${long}Y.jpg` },
      ],
    );
    expect(pairs.get(`${long}X.jpg`)?.sidecar).toBe(`${long}.json`);
    expect(pairs.get(`${long}Y.jpg`)).toMatchObject({ sidecar: `${long}(1).json`, rule: 8 });
  });

  it("keeps an exact pair whose title disagrees, and says so", () => {
    const { pairs } = pairSidecars(["a.jpg"], [{ name: "a.jpg.json", title: "something else.jpg" }]);
    expect(pairs.get("a.jpg")).toMatchObject({ titleAgrees: false });
  });

  it("compares names by UTF-16 units also where they were decomposed when cut", () => {
    const uploaded = `${"e\u0301".repeat(25)}.jpg`;
    const media = uploaded.normalize("NFC");
    const sidecar = `${uploaded.slice(0, 46)}.json`.normalize("NFC");
    expect(pairOf(media, sidecar)).toMatchObject({ sidecar });
  });
});

describe("rivals", () => {
  it("pairs neither of two sidecars that differ by letter case alone", () => {
    const { pairs, ambiguities } = pairSidecars(["a.jpg"], [{ name: "a.JPG.json" }, { name: "A.jpg.json" }]);
    expect(pairs.size).toBe(0);
    expect(ambiguities).toEqual([{ media: ["a.jpg"], sidecars: ["a.JPG.json", "A.jpg.json"] }]);
  });

  it("gives one sidecar to neither of two photos that fit it alike", () => {
    const { pairs, ambiguities } = pairSidecars(["a.jpg", "a.png"], [{ name: "a.json" }]);
    expect(pairs.size).toBe(0);
    expect(ambiguities).toEqual([{ media: ["a.jpg", "a.png"], sidecars: ["a.json"] }]);
  });

  it("lets the title decide between two photos that a cut name fits alike", () => {
    const long = "e".repeat(47);
    const { pairs } = pairSidecars(
      [`${long}.jpg`, `${long}.png`],
      [{ name: `${long.slice(1)}.json`, title: `${long}.png` }],
    );
    expect([...pairs.keys()]).toEqual([`${long}.png`]);
  });

  it("does not depend on the order in which names come", () => {
    const media = PUBLISHED.map(([name]) => name);
    const sidecars = PUBLISHED.map(([, name]) => ({ name }));
    const forth = pairSidecars(media, sidecars);
    const back = pairSidecars([...media].reverse(), [...sidecars].reverse());
    expect([...back.pairs].sort()).toEqual([...forth.pairs].sort());
  });
});
