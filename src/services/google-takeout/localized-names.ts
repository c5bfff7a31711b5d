/**
 * The words that Google Photos writes into an export in the language of the account. Rows marked "unproven" are
 * what public tools expect, never seen in a listing; nothing may depend on a word being here: folders are also
 * told by what they hold.
 */

/** The folder of Google Photos below `Takeout`, compared through `plainName`. */
const PHOTOS_FOLDERS = [
  "Google Photos",
  "Google Fotos", // German, Spanish; also Portuguese and Dutch, unproven
  "Google Foto", // Italian
  "Google Фото",
  "Google Снимки",
  "Fotky Google",
  "Google Kuvat",
  "Google Fotoğraflar",
  "Google フォト",
  "Google 포토",
  "Google 相册",
  "Google 相簿",
  "Zdjęcia Google", // unproven
];

const ALBUM_FILES = [
  "metadata",
  "metadaten",
  "métadonnées",
  "metadati",
  "metadatos",
  "metadades",
  "метаданные",
  "метаданни",
  "metadáta",
];

/** Suffixes of what Google Photos made of a photo. The second line is never localized. */
export const EDITED_SUFFIXES: readonly string[] = [
  ...["-edited", "-bearbeitet", "-modifié", "-modificato", "-ha editado", "-editado", "-editat", "-bewerkt"],
  ...["-edytowane", "-измененный", "-muokattu", "-düzenlendi", "-編集済み", "-已修改", "-已編輯", "-编辑"],
  ...["-effects", "-smile", "-mix", "-collage", "-animation", "-motion"],
];

const UNTITLED = [
  ...[
    "untitled",
    "unbenannt",
    "sans titre",
    "sin título",
    "без названия",
    "nimetön",
    "adsız",
    "無題",
    "未命名",
  ],
  ...["senza titolo", "naamloos", "bez tytułu"], // unproven
];

/** What a folder of Google's own making says of the photos in it. */
export type SpecialFolder = "archived" | "trashed" | "locked" | "failed-videos";

/** Only the English words come from the documented layout; every other word is unproven. */
const SPECIAL_FOLDERS: Readonly<Record<SpecialFolder, readonly string[]>> = {
  archived: ["archive", "archiv", "archives", "archivio", "archivo", "archief", "archiwum", "архив", "arşiv"],
  trashed: [
    "trash",
    "bin",
    "papierkorb",
    "corbeille",
    "cestino",
    "papelera",
    "paperera",
    "prullenbak",
    "kosz",
  ],
  locked: [
    "locked folder",
    "gesperrter ordner",
    "dossier verrouillé",
    "cartella bloccata",
    "carpeta privada",
  ],
  "failed-videos": ["failed videos", "fehlgeschlagene videos", "vidéos en échec", "video non riusciti"],
};

/** Year folders as seen in listings: English (in most languages), German, Spanish. `#` stands for the year. */
const PROVEN_YEAR_FOLDERS = ["photos from #", "fotos von #", "fotos del #"];
const UNPROVEN_YEAR_FOLDERS = ["photos de #", "foto del #", "foto's uit #", "фото за #", "#年の写真"];

const YEAR_AT_EITHER_END = /^(?:(.*\D))?((?:18|19|20|21)\d\d)$|^((?:18|19|20|21)\d\d)(\D.*)?$/;

/** A name made comparable: NFC, every kind of space plain (French exports hold U+00A0), letter case set aside. */
export const plainName = (name: string): string => name.normalize("NFC").replace(/\s/gu, " ").toLowerCase();

const plainSet = (names: readonly string[]): ReadonlySet<string> => new Set(names.map(plainName));
const photosFolders = plainSet(PHOTOS_FOLDERS);
const albumFiles = plainSet(ALBUM_FILES);
const untitledAlbums = plainSet(UNTITLED);
const knownYearFolders = plainSet([...PROVEN_YEAR_FOLDERS, ...UNPROVEN_YEAR_FOLDERS]);

const withoutNumber = (name: string): string => name.replace(/ ?\(\d+\)$/, "");

/** True for the Photos folder of a language that is known. */
export const isPhotosFolderName = (name: string): boolean => photosFolders.has(plainName(name));

/** True for `metadata.json` and its translations, numbered or not. */
export function isAlbumFileName(name: string): boolean {
  const plain = plainName(name);
  return plain.endsWith(".json") && albumFiles.has(withoutNumber(plain.slice(0, -".json".length)));
}

/** True for the folder that untitled albums share, such as `Untitled` or `Sans titre(9)`. */
export const isUntitledAlbum = (name: string): boolean => untitledAlbums.has(withoutNumber(plainName(name)));

/** What a folder's name says of the photos in it, or null for any other name. */
export function specialFolder(name: string): SpecialFolder | null {
  const plain = withoutNumber(plainName(name));
  const kinds: readonly SpecialFolder[] = ["archived", "trashed", "locked", "failed-videos"];
  return kinds.find((kind) => SPECIAL_FOLDERS[kind].includes(plain)) ?? null;
}

/** A name that ends or begins with a year: the year, and the rest with `#` for it. Null for any other name. */
export function yearPattern(name: string): { readonly year: number; readonly pattern: string } | null {
  const plain = plainName(name);
  const match = YEAR_AT_EITHER_END.exec(plain);
  const year = match?.[2] ?? match?.[3];
  return year === undefined ? null : { year: Number(year), pattern: plain.replace(year, "#") };
}

/** True for the year-folder wording of a language that is known or expected. */
export const isKnownYearPattern = (pattern: string): boolean => knownYearFolders.has(pattern);
