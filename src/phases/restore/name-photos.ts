import { hexOf, type PhotoId } from "../../domain/ids.js";
import { albumFolders, dayFolder, NO_ALBUM } from "../../domain/restoring/layout.js";
import {
  type NamedPhoto,
  type Names,
  nameAll,
  nameKeys,
  namesApart,
  plainNames,
  type StandingName,
} from "../../domain/restoring/names.js";
import type { Catalog, PhotoRow } from "../../ports/catalog.js";
import type { Run } from "../../ports/phase.js";
import { inParallel } from "../in-parallel.js";
import type { Verdicts } from "./verdicts.js";

/** How the tree is laid out and named. */
export interface Layout {
  readonly by: "date" | "album";
  /** By album: whether this album's folder is wanted. */
  readonly wantsAlbum: (title: string) => boolean;
  /** Whether edited and other versions of a photo are restored too. */
  readonly variants: boolean;
  readonly sidecars: boolean;
  /** Whether a name ends as those of pictures and videos do. */
  readonly isMediaName: (name: string) => boolean;
  /** Hex digits that stand for a text. */
  readonly digest: (text: string) => string;
}

/** A photo with its names in each of its folders. */
export interface PhotoWithNames {
  readonly row: PhotoRow;
  readonly folders: readonly { readonly folder: string; readonly names: Names }[];
}

/** Looking at names that may stand already, at once. */
const LOOKS = 8;

const extensionOf = (key: string): string => /\.([a-z0-9]+)$/.exec(key)?.[1] ?? "";

/** The blobs of a photo that are restored. */
export const wantedBlobs = ({ blobs }: PhotoRow, { variants }: Pick<Layout, "variants">) =>
  variants ? blobs : blobs.slice(0, 1);

function foldersOf(
  catalog: Catalog,
  { by, wantsAlbum, digest }: Layout,
): (row: PhotoRow) => readonly string[] {
  if (by === "date") return ({ taken_date }) => [dayFolder(taken_date)];
  const titles = new Set<string>();
  for (const _ of catalog.rows(({ albums }) => {
    for (const title of albums) titles.add(title);
    return false;
  }));
  const folderOf = albumFolders(titles, digest);
  return ({ albums, taken_date }) => {
    const folders = new Set(albums.filter(wantsAlbum).map(folderOf));
    return folders.size > 0 ? [...folders] : [`${NO_ALBUM}/${dayFolder(taken_date)}`];
  };
}

/**
 * Names for the selected photos. Names follow from all photos of the library that would lie in the same folders, selected or
 * not, and from what stands in the tree already: so a photo has the same name whatever it is restored with.
 */
export async function namePhotos(
  catalog: Catalog,
  selected: readonly PhotoRow[],
  layout: Layout,
  verdicts: Verdicts,
  run: Run,
): Promise<readonly PhotoWithNames[]> {
  const { isMediaName } = layout;
  const folders = foldersOf(catalog, layout);
  const named = (row: PhotoRow): readonly NamedPhoto[] =>
    folders(row).map((folder) => ({
      photo_id: row.photo_id,
      folder,
      filename: row.filename,
      files: wantedBlobs(row, layout).map(({ role, hash, key }) => ({
        role,
        hex: hexOf(hash),
        extension: extensionOf(key),
      })),
      sidecar: layout.sidecars,
    }));
  const own = new Map(selected.map((row) => [row.photo_id, { row, photos: named(row) }]));
  const all = [...own.values()].flatMap(({ row, photos }) => photos.map((photo) => ({ row, photo })));
  if (own.size < catalog.sums().photos) all.push(...rivals(catalog, own, named, isMediaName));

  run.progress.stage("Looking at what is there", { count: all.length });
  const standing = new Map<NamedPhoto, StandingName>();
  const looks = inParallel(all, LOOKS, run, async function* ({ row, photo }, call) {
    const [original] = row.blobs;
    if (original === undefined) return;
    const stands = async ({ files }: Names) => verdicts.of(`${photo.folder}/${files[0]}`, original, call);
    const plain = await stands(plainNames(photo, isMediaName));
    if (plain === "same") yield { photo, name: "plain" as const };
    else if (plain !== "absent" && (await stands(namesApart(photo, isMediaName))) === "same")
      yield { photo, name: "told-apart" as const };
    run.progress.advance({ count: 1 });
  });
  for await (const { photo, name } of looks) standing.set(photo, name);

  const names = nameAll(
    all.map(({ photo }) => photo),
    isMediaName,
    standing,
  );
  return Array.from(own.values(), ({ row, photos }) => ({
    row,
    folders: photos.flatMap((photo) => {
      const given = names.get(photo);
      return given === undefined ? [] : [{ folder: photo.folder, names: given }];
    }),
  }));
}

/** Photos that are not restored and would want a name that a restored one wants. */
function* rivals(
  catalog: Catalog,
  own: ReadonlyMap<PhotoId, { readonly photos: readonly NamedPhoto[] }>,
  named: (row: PhotoRow) => readonly NamedPhoto[],
  isMediaName: Layout["isMediaName"],
): Generator<{ readonly row: PhotoRow; readonly photo: NamedPhoto }> {
  const keysOf = (photo: NamedPhoto) => nameKeys(photo.folder, plainNames(photo, isMediaName));
  const wanted = new Set([...own.values()].flatMap(({ photos }) => photos.flatMap(keysOf)));
  for (const row of catalog.rows()) {
    if (own.has(row.photo_id)) continue;
    for (const photo of named(row)) if (keysOf(photo).some((key) => wanted.has(key))) yield { row, photo };
  }
}
