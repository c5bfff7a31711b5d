import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { splitMediaName } from "../../../src/services/google-takeout/media-name.js";
import { pairSidecars } from "../../../src/services/google-takeout/pair-sidecars.js";
import { splitSidecarName } from "../../../src/services/google-takeout/sidecar-names.js";
import { albumJson, sidecarJson } from "../../fixtures/takeout/takeout-builder.js";
import { type GivenFile, group } from "../../unit/google-takeout/grouping.js";

const folder = fc.constantFrom(
  ...["Photos from 2023", "Photos from 2024", "Trip", "Untitled", "Archive", "2019 reunion", ""],
);
const stem = fc.constantFrom(
  "a",
  "a(1)",
  "a-edited",
  "a-edited(1)",
  "A",
  "IMG.MP",
  "x".repeat(46),
  "é\u0301",
  "😀".repeat(23),
);
const extension = fc.constantFrom(".jpg", ".JPG", ".HEIC", ".MP4", ".MP", ".DNG", "", ".txt");
const suffix = fc.constantFrom("", ".json", ".supplemental-metadata.json", "(1).json", ".json.json");
const bytes = fc.oneof(
  fc.constantFrom("one", "two", "", "{", "[]", "{}").map((text) => new TextEncoder().encode(text)),
  fc.record({ title: fc.constantFrom("a.jpg", "other"), id: fc.constantFrom("p", "q") }).map(sidecarJson),
  fc.constantFrom(albumJson("An album"), albumJson()),
);
const top = fc.constantFrom("Takeout/Google Photos", "Takeout/Drive", "Takeout", "Google Fotos", "elsewhere");
const part = fc.constantFrom(
  "takeout-20260601T101112Z-001.zip",
  "takeout-20260801T101112Z-002.zip",
  "x.tgz",
  undefined,
);
const traits = fc.constantFrom(undefined, {}, { durationSeconds: 2 }, { contentIdentifier: "X" });

const file = fc.tuple(top, folder, stem, extension, suffix, bytes, part, traits).map(
  ([at, inside, start, ending, json, content, archive, told]): GivenFile => ({
    name: [at, inside, `${start}${ending}${json}`.normalize("NFC")].filter((text) => text !== "").join("/"),
    bytes: content,
    ...(archive === undefined ? {} : { part: archive }),
    ...(told === undefined || json !== "" || content.length === 0 ? {} : { traits: told }),
  }),
);

const keyOf = ({ path, entry }: { readonly path: string; readonly entry?: string }) =>
  `${path}#${entry ?? ""}`;

test.prop([fc.array(file, { maxLength: 25 })])("every stream has exactly one account", async (files) => {
  const { accounts, findings } = await group(files);
  const expected = files.map(({ name, part: archive }) =>
    archive === undefined
      ? keyOf({ path: `/unpacked/${name}` })
      : keyOf({ path: `/in/${archive}`, entry: name }),
  );
  expect(accounts.map(({ location }) => keyOf(location)).sort()).toEqual(expected.sort());
  const sum = (sizes: readonly number[]) => sizes.reduce((a, b) => a + b, 0);
  expect(sum(accounts.map(({ sizeBytes }) => sizeBytes))).toBe(
    sum(files.map(({ bytes: content }) => content.length)),
  );

  const kept = findings.flatMap(({ original, variants }) => [
    original,
    ...variants.map((variant) => variant.file),
  ]);
  const keptAt = kept.flatMap(({ locations }) => locations.map(keyOf)).sort();
  const photos = accounts.filter(({ verdict }) => verdict === "photo" || verdict === "variant");
  expect(keptAt).toEqual(photos.map(({ location }) => keyOf(location)).sort());
  expect(new Set(kept.map(({ hash }) => hash)).size).toBe(kept.length);
});

test.prop([
  fc
    .array(file, { maxLength: 12 })
    .chain((files) => fc.tuple(fc.constant(files), fc.shuffledSubarray(files, { minLength: files.length }))),
])("the order in which parts are read changes no photo", async ([files, shuffled]) => {
  const told = async (given: readonly GivenFile[]) =>
    (await group(given)).findings.map(({ original, instances, variants }) => ({
      hash: original.hash,
      ids: instances.map(({ id, record }) => [id, record]),
      variants: variants.map(({ role, file: { hash } }) => `${role} ${hash}`).sort(),
    }));
  expect(await told(shuffled)).toEqual(await told(files));
});

const mediaName = fc.tuple(stem, extension).map(([start, ending]) => start + ending);
const sidecarName = fc.tuple(mediaName, suffix).map(([name, json]) => `${name}${json}`);

test.prop([fc.uniqueArray(mediaName, { maxLength: 10 }), fc.uniqueArray(sidecarName, { maxLength: 10 })])(
  "each sidecar is about one file at most, and a numbered file never gets its twin's",
  (media, sidecars) => {
    const { pairs } = pairSidecars(
      media,
      sidecars.map((name) => ({ name })),
    );
    const owned = [...pairs.values()].filter(({ borrowed }) => !borrowed).map(({ sidecar }) => sidecar);
    expect(new Set(owned).size).toBe(owned.length);
    for (const [name, { sidecar }] of pairs) {
      const { number } = splitMediaName(name);
      const parts = splitSidecarName(sidecar);
      if (number !== "") expect(`${parts?.stem}${parts?.number}`).toContain(number);
    }
  },
);
