import { contentHash } from "../../../src/domain/ids.js";
import type { Json } from "../../../src/domain/photo.js";
import { isJsonRecord, parseJsonBytes } from "../../../src/infra/json-value.js";
import type { Examined } from "../../../src/ports/photo-source.js";
import { pairFiles } from "../../../src/services/folder/pair-files.js";
import { archiveLooksLikeTakeout } from "../../../src/services/google-takeout/detect.js";
import { classifyJson } from "../../../src/services/google-takeout/json-kinds.js";
import {
  clipMediaName,
  cutEditedBases,
  editedBases,
  splitMediaName,
  stillStems,
} from "../../../src/services/google-takeout/media-name.js";
import { missingPartNotes, parsePartName } from "../../../src/services/google-takeout/part-names.js";
import { sidecarFacts } from "../../../src/services/google-takeout/sidecar-facts.js";
import {
  exactSteps,
  looseProbe,
  looseSteps,
  sidecarCandidates,
  splitSidecarName,
} from "../../../src/services/google-takeout/sidecar-names.js";
import { titleFits } from "../../../src/services/google-takeout/title-fit.js";
import { albumJson, sidecarJson } from "../../fixtures/takeout/takeout-builder.js";
import { type GivenFile, group, hashOf } from "../../unit/google-takeout/grouping.js";
import { promise, type Target } from "../target.js";
import { writtenDocument } from "../written-document.js";

const rich = sidecarJson({
  title: "IMG_1.jpg",
  takenSeconds: 1_700_000_000,
  id: "AF1Qip",
  description: "words",
  place: { latitude: 1.5, longitude: -2.5, altitude: 3 },
  people: ["Ada"],
  more: { favorited: true, archived: false, trashed: false, googlePhotosOrigin: { fromPartnerSharing: {} } },
});

function sidecarResult(input: Buffer): unknown {
  const parsed = parseJsonBytes(input);
  if (parsed === null) return null;
  const kind = classifyJson(parsed.value, "IMG_1.jpg.json");
  if (!isJsonRecord(parsed.value)) return kind;
  const { facts, raw } = sidecarFacts(parsed.value);
  writtenDocument(
    { media: { mime_type: "image/jpeg" }, extension: "jpg", facts: {}, raw: {} },
    { id: "x", facts, raw: raw as Record<string, Json> },
  );
  return [kind, facts];
}

/** Names of an export's files: a line each, the first character telling whether it is a picture, film or sidecar. */
const filesOf = (text: string): GivenFile[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .slice(0, 40)
    .map((line): GivenFile => {
      const isJson = /\.json$/i.test(line);
      const name = `Takeout/Google Photos/${line}`;
      const bytes = isJson
        ? sidecarJson({ title: line.replace(/^.*\//, "").replace(/(?:\(\d+\))?\.json$/i, "") })
        : Buffer.from(line);
      return { name, bytes, part: "takeout-20240101T000000Z-001.zip", traits: {} };
    });

async function namesResult(input: Buffer): Promise<unknown> {
  const text = input.subarray(0, 4096).toString("utf8");
  const lines = text.split("\n").filter((line) => line !== "");
  const each = lines
    .slice(0, 40)
    .map((name) => [
      sidecarCandidates(name).length,
      exactSteps(name).length,
      looseSteps(name).length,
      looseProbe(name),
      splitSidecarName(name),
      splitMediaName(name),
      editedBases(name),
      cutEditedBases(name),
      stillStems(name),
      clipMediaName(name),
      parsePartName(name),
      titleFits(name, lines[0] ?? ""),
    ]);
  const files = filesOf(text);
  const { accounts, findings } = await group(files);
  promise(accounts.length === files.length, `${files.length} files, ${accounts.length} accounts`);
  return [
    each,
    missingPartNotes(lines),
    archiveLooksLikeTakeout(lines),
    accounts.map(({ verdict, detail }) => [verdict, detail]),
    findings.length,
  ];
}

const examinedOf = (name: string): Examined => {
  const kind = /\.(json)$/i.test(name) ? "json" : /\.xmp$/i.test(name) ? "xmp" : "media";
  const isRaw = /\.(cr2|dng|nef)$/i.test(name);
  const isVideo = /\.(mov|mp4)$/i.test(name);
  const traits = {
    kind: isRaw ? "raw" : isVideo ? "video" : "image",
    mimeType: "image/jpeg",
    extension: isVideo ? "mov" : "jpg",
    ...(isVideo && { durationSeconds: 2 }),
  } as const;
  return {
    location: { path: `/in/${name}` },
    name,
    sizeBytes: 1,
    hash: contentHash(hashOf(Buffer.from(name)).slice(7)),
    kind,
    ...(kind === "media" && { traits }),
  };
};

/** What a Takeout says in its sidecars and by the names of its files, and what names of a folder say. */
export const TAKEOUT_TARGETS: readonly Target[] = [
  {
    name: "takeout-sidecar",
    mutation: "json",
    seeds: () => [
      rich,
      sidecarJson({ title: "a.jpg" }),
      albumJson("Rome", { date: { timestamp: "1" }, access: "protected" }),
      Buffer.from('{"albumData":{"title":"x"}}'),
      Buffer.from("\ufeff{}"),
    ],
    files: /\.json$/i,
    run: sidecarResult,
  },
  {
    name: "takeout-names",
    mutation: "bytes",
    seeds: () =>
      [
        "Photos from 2023/IMG_1.jpg\nPhotos from 2023/IMG_1.jpg.supplemental-metadata.json\nPhotos from 2023/IMG_1-edited.jpg\nPhotos from 2023/IMG_1(1).jpg\nPhotos from 2023/IMG_1.jpg.supplemental-metadata(1).json",
        "Photos from 2023/IMG_20230615_very_long_name_that_is_cut_off_so.jpg\nPhotos from 2023/IMG_20230615_very_long_name_that_is_cut_off_s.json\nRome/metadata.json\nRome/IMG_2.HEIC\nRome/IMG_2.MP4\nRome/IMG_2.HEIC.supplemental-meta.json",
        "takeout-20240101T000000Z-001.zip\ntakeout-20240101T000000Z-3-002.tgz",
      ].map((text) => Buffer.from(text)),
    tokens: [
      "(1)",
      ".json",
      ".jpg",
      "-edited",
      ".supplemental-metadata",
      ".suppl",
      "metadata.json",
      "/",
      "\n",
      "..",
      "é",
      "e\u0301",
      "_",
      "&#39;",
      "\\",
      "-bearbeitet",
      ".MP",
      "~2",
    ],
    run: namesResult,
  },
  {
    name: "folder-names",
    mutation: "bytes",
    seeds: () =>
      [
        "a/IMG_1.JPG\na/IMG_1.CR2\na/IMG_1.xmp\na/IMG_1.JPG.xmp\na/IMG_1.MOV\na/IMG_1-edited.jpg",
        "IMG_1.jpg\nimg_1.mov\nIMG_1.JPG.json",
      ].map((text) => Buffer.from(text)),
    tokens: [".jpg", ".CR2", ".xmp", ".mov", "/", "\n", "IMG_1", "__proto__", "constructor", "-edited"],
    run: (input) => {
      const names = [...new Set(input.subarray(0, 4096).toString("utf8").split("\n"))]
        .filter((name) => name !== "")
        .slice(0, 60);
      const examined = names.map(examinedOf);
      const told = JSON.stringify(pairFiles(examined));
      const backwards = JSON.stringify(pairFiles(examined.toReversed()));
      promise(
        told === backwards || told.length === backwards.length,
        "the order of the files changes the groups",
      );
      return told;
    },
  },
];
