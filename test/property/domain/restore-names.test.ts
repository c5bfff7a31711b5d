import fc from "fast-check";
import { expect, it } from "vitest";
import type { PhotoId } from "../../../src/domain/ids.js";
import { VARIANT_ROLES } from "../../../src/domain/photo.js";
import { albumFolders, dayFolder } from "../../../src/domain/restoring/layout.js";
import { type NamedPhoto, type Names, nameAll } from "../../../src/domain/restoring/names.js";
import { safeFileName, safeFolderName } from "../../../src/domain/restoring/safe-name.js";
import { digestOf, photoIdOf, sha256Of } from "../../../src/infra/hash.js";
import { typeOfName } from "../../../src/infra/media/media-type.js";

const isMediaName = (name: string) => typeOfName(name) !== null;

const hostile = fc.oneof(
  fc.constantFrom(
    ...["IMG_1.JPG", "img_1.jpg", "IMG_1.jpeg", "IMG_1.JPG.xmp", "IMG_1-edited.jpg", "IMG_1.MOV", "IMG_1"],
    ...[
      "..",
      ".",
      "",
      " ",
      "../../etc/passwd",
      "C:\\a.jpg",
      "a/b.jpg",
      "CON",
      "nul.jpg",
      "COM¹.txt.jpg",
      "x. .",
    ],
    ...[
      "é.jpg",
      "e\u0301.jpg",
      "ß.jpg",
      "SS.jpg",
      "ẞ.jpg",
      "ſs.jpg",
      "a\u200d.jpg",
      "A.jpg",
      "\u202egpj.exe",
    ],
    ...[".hidden.jpg", "a\u0000.jpg", "\ud800.jpg", "Sunset at 7.30 pm", "-rf", "~", "K.jpg", "K.jpg"],
    ...["x".repeat(300), `${"é".repeat(200)}.jpg`, `${"🏔".repeat(80)}.jpg`, `${"🏔".repeat(80)}2.jpg`],
  ),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: fc.constantFrom("a", "A", ".", " ", "é", "1"), maxLength: 4 }),
);

const photo = (folder: fc.Arbitrary<string>): fc.Arbitrary<NamedPhoto> =>
  fc
    .record({
      seed: fc.nat(1_000_000),
      folder,
      filename: hostile,
      roles: fc.array(fc.constantFrom(...VARIANT_ROLES), { maxLength: 3 }),
      extension: fc.constantFrom("jpg", "mov", "cr2", ""),
      sidecar: fc.boolean(),
    })
    .map(({ seed, roles, extension, ...rest }) => {
      const hex = (n: number) => digestOf(`${seed} ${n}`);
      const files = [
        { role: "original" as const, hex: hex(0), extension },
        ...roles.map((role, index) => ({
          role,
          hex: hex(index + 1),
          extension: index === 1 ? "mov" : "jpg",
        })),
      ];
      return { photo_id: photoIdOf(sha256Of(Buffer.from(`${seed}`))), files, ...rest };
    });
const photos = fc.uniqueArray(photo(fc.constantFrom("2024/2024-01-31", "Summer")), {
  minLength: 1,
  maxLength: 12,
  selector: ({ photo_id, folder }) => `${folder} ${photo_id}`,
});

/** What the most forgetful file systems take names for: letter case, Unicode form. */
const forgetful = (path: string): string => path.normalize("NFD").toUpperCase().toLowerCase();
const allNames = ({ files, sidecar }: Names) => [...files, ...(sidecar === null ? [] : [sidecar])];
const DEVICE = /^(con|prn|aux|nul|(com|lpt)[0-9¹²³])$/i;

function expectSafe(name: string): void {
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
  expect(name).toBe(name.normalize("NFC"));
  expect(name).not.toMatch(/[<>:"/\\|?*\p{Cc}\p{Cs}\u202a-\u202e]|^\.|[. ]$|^$/u);
  expect((name.split(".")[0] ?? "").trim()).not.toMatch(DEVICE);
}

it("no two files are one name for any file system, and none leaves its folder", () => {
  fc.assert(
    fc.property(photos, (all) => {
      const named = nameAll(all, isMediaName, new Map());
      const paths = all.flatMap((one) => {
        const names = allNames(named.get(one) ?? expect.unreachable());
        for (const name of names) expectSafe(name);
        return names.map((name) => forgetful(`${one.folder}/${name}`));
      });
      expect(new Set(paths).size).toBe(paths.length);
    }),
  );
});

it("the order of photos changes no name, and a file that stands keeps its own when photos are added", () => {
  fc.assert(
    fc.property(photos, photos, fc.nat(), (first, more, turn) => {
      const before = nameAll(first, isMediaName, new Map());
      const turned = [...first.slice(turn % first.length), ...first.slice(0, turn % first.length)];
      const again = nameAll(turned, isMediaName, new Map());
      for (const one of first) expect(again.get(one)).toEqual(before.get(one));

      const known = new Set(first.map(({ photo_id, folder }) => `${folder} ${photo_id}`));
      const added = more.filter(({ photo_id, folder }) => !known.has(`${folder} ${photo_id}`));
      const plain = new Map([...nameAll(first, isMediaName, new Map())]);
      const standing = new Map(
        first.map((one) => {
          const alone = nameAll([one], isMediaName, new Map()).get(one);
          const isPlain = alone?.files[0] === plain.get(one)?.files[0];
          return [one, isPlain ? "plain" : "told-apart"] as const;
        }),
      );
      const after = nameAll([...added, ...first], isMediaName, standing);
      for (const one of first) expect(after.get(one)).toEqual(before.get(one));
    }),
  );
});

it("safe names are left as they are, and albums that are two stay two", () => {
  fc.assert(
    fc.property(fc.uniqueArray(hostile, { maxLength: 12 }), (titles) => {
      for (const title of titles) {
        const { stem, extension } = safeFileName(title, "fallback");
        expectSafe(`${stem}${extension}`);
        expect(safeFileName(`${stem}${extension}`, "fallback")).toEqual({ stem, extension });
        expectSafe(safeFolderName(title, "Album"));
      }
      const folderOf = albumFolders(titles, digestOf);
      const albums = new Map(
        titles.map((title) => [title.normalize("NFC").trim().toLowerCase(), folderOf(title)]),
      );
      const folders = [...albums.values()];
      for (const folder of folders) expectSafe(folder);
      expect(new Set(folders.map(forgetful)).size).toBe(folders.length);
      const reversed = albumFolders([...titles].reverse(), digestOf);
      for (const title of titles) expect(reversed(title)).toBe(folderOf(title));
    }),
  );
});

it.each([
  ["2024-01-31T23:59:59-08:00", "2024/2024-01-31"],
  ["2024-01-31T23:59:59Z", "2024/2024-01-31"],
  ["2024-13-31T23:59:59", "undated"],
  [null, "undated"],
])("%s lies in %s", (taken, folder) => {
  expect(dayFolder(taken)).toBe(folder);
});

const named = (
  seed: string,
  filename: string,
  ...roles: readonly (readonly [string, string])[]
): NamedPhoto => ({
  photo_id: photoIdOf(sha256Of(Buffer.from(seed))) as PhotoId,
  folder: "f",
  filename,
  files: [
    { role: "original", hex: digestOf(seed), extension: "jpg" },
    ...roles.map(([role, extension]) => ({
      role: role as (typeof VARIANT_ROLES)[number],
      hex: digestOf(`${seed}${role}`),
      extension,
    })),
  ],
  sidecar: true,
});

it("what belongs to a shot shares its stem, edited versions say so, and a title gets its extension", () => {
  const shot = named("1", "IMG_1.JPG", ["raw", "cr2"], ["motion", "mov"], ["edited", "jpg"]);
  const title = named("2", "Sunset at 7.30 pm");
  const names = nameAll([shot, title], isMediaName, new Map());
  expect(names.get(shot)).toEqual({
    files: ["IMG_1.JPG", "IMG_1.CR2", "IMG_1.MOV", "IMG_1-edited.JPG"],
    sidecar: "IMG_1.JPG.xmp",
  });
  expect(names.get(title)?.files).toEqual(["Sunset at 7.30 pm.jpg"]);
});

it("of two photos of one name the second is told by the beginning of its id, with all that belongs to it", () => {
  const [a, b] = [named("1", "IMG_1.JPG", ["raw", "cr2"]), named("2", "img_1.jpg", ["raw", "cr2"])].sort(
    (x, y) => (x.photo_id < y.photo_id ? -1 : 1),
  ) as [NamedPhoto, NamedPhoto];
  const names = nameAll([b, a], isMediaName, new Map());
  expect(names.get(a)?.files[0]).toBe(a.filename);
  const stem = `${b.filename.slice(0, 5)}-${b.photo_id.slice(0, 8)}`;
  for (const name of names.get(b)?.files ?? []) expect(name.startsWith(stem)).toBe(true);
  expect(nameAll([a, b], isMediaName, new Map([[b, "plain"]])).get(b)?.files[0]).toBe(b.filename);
});
