import fc from "fast-check";
import { expect, it } from "vitest";
import { EXPORT_SECRET, photoJson } from "../../fixtures/flickr/export-builder.js";
import { type GivenFile, group, picture, text, video } from "../../unit/flickr-export/grouping.js";

const IDS = ["52000000001", "52000000002", "123456789", "0"] as const;

const id = fc.constantFrom(...IDS);
const word = fc.constantFrom("sea", "12", "2019", EXPORT_SECRET, "0a1b2c3d4e", "o", "", "..", "x y");
const ending = fc.constantFrom("_o.jpg", "_b.jpg", ".mov", ".jpg", "_o (2).png");
const mediaName = fc
  .tuple(fc.array(word, { maxLength: 3 }), id, fc.array(word, { maxLength: 2 }), ending)
  .map(([before, of, after, end]) => `${[...before, of, ...after].join("_")}${end}`);
const like = fc.constantFrom("a", "b", "c");
const media = fc
  .tuple(mediaName, like, fc.boolean())
  .map(([name, bytes, isVideo]): GivenFile => (isVideo ? video(name) : picture(name, bytes)));
const json = fc
  .tuple(
    id,
    fc.dictionary(fc.constantFrom("geo", "tags", "privacy", "name", "count_views", "id"), fc.jsonValue()),
  )
  .map(([of, more]): GivenFile => photoJson(of, more));
const broken = fc
  .tuple(
    fc.constantFrom("albums.json", "photo_52000000001.json", "faves_part001.json", "a.txt", "x.zip"),
    fc.json(),
  )
  .map(([name, content]): GivenFile => text(name, content));

it("gives every stream of an export one account, and every photo's words to nobody else, whatever it holds", async () => {
  const files = fc.array(fc.oneof(media, media, json, broken), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(files, async (given) => {
      const { accounts, findings } = await group(given);
      expect(accounts).toHaveLength(given.length);
      const verdicts = accounts.filter(({ verdict }) => verdict === "photo" || verdict === "variant");
      expect(verdicts).toHaveLength(given.filter(({ kind }) => kind !== undefined).length);
      const hashes = findings.flatMap(({ original, variants }) => [
        original.hash,
        ...variants.map(({ file }) => file.hash),
      ]);
      expect(new Set(hashes).size).toBe(hashes.length);
      for (const { instances } of findings) {
        for (const { id: of, record } of instances) expect(record?.id ?? of).toBe(of);
      }
      const raws = findings.flatMap(({ instances }) => instances.map(({ record }) => record?.raw));
      expect(JSON.stringify(raws)).not.toContain("staticflickr");
    }),
    { numRuns: 300 },
  );
});
