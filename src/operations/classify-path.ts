import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { LibraryConfig } from "../control/config.js";
import { archiveKind } from "../infra/archive/sniff-archive.js";
import { zipEntries } from "../infra/archive/zip-entries.js";
import {
  archiveRole,
  folderRole,
  isExportPartName,
  isNamedMediaPart,
} from "../services/flickr-export/detect.js";
import { looksLikeTakeout } from "../services/google-takeout/detect.js";
import type { DiscoverResult } from "./results.js";

/** A folder or archive to read, and what it was taken for. */
export type Root = DiscoverResult["sources"][number];

const ARCHIVE_NAME = /\.(?:zip|tgz|tar\.gz|tar)$/i;
/** How Google names the parts of an export. */
const TAKEOUT_NAME = /^takeout-.*\.(?:zip|tgz|tar\.gz|tar)$/i;
/** An archive shows within so many names whether it is Flickr's. */
const NAMES_LOOKED_AT = 2000;

const DEFAULT_SERVICE = {
  folder: "folder",
  "google-takeout": "google-photos",
  "flickr-export": "flickr",
} as const;

/** What is known of all paths together when one of them is told apart. */
export interface Company {
  /** What the account is called, by kind. */
  readonly serviceOf: (kind: Root["kind"]) => string;
  /** True where a Flickr export's words are given or known, so that media named as by Flickr are its other half. */
  readonly hasFlickrWords: boolean;
}

/** Looks at all given paths before any is classified. */
export async function companyOf(
  paths: readonly string[],
  service: string | undefined,
  { services, syncState }: Pick<LibraryConfig, "services" | "syncState">,
): Promise<Company> {
  const accounts = Object.entries(services).filter(([, settings]) => settings.provider === "flickr");
  const [only] = accounts;
  const flickr = services["flickr"] === undefined && accounts.length === 1 ? only?.[0] : undefined;
  const serviceOf = (kind: Root["kind"]) =>
    service ?? (kind === "flickr-export" ? flickr : undefined) ?? DEFAULT_SERVICE[kind];
  const known = Object.values(syncState.services).some(({ roots }) =>
    Object.values(roots).some(({ kind }) => kind === "flickr-export"),
  );
  const roles = known ? [] : await Promise.all(paths.map((path) => flickrRole(path)));
  return { serviceOf, hasFlickrWords: known || roles.includes("words") };
}

async function flickrRole(path: string): Promise<"words" | "media" | null> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() === true) return folderRole(path);
  if (found?.isFile() !== true || (await archiveKind(path).catch(() => null)) !== "zip") return null;
  const names: string[] = [];
  for await (const entry of zipEntries(path, { signal: new AbortController().signal })) {
    if (entry.kind === "entry") names.push(entry.name);
    if (names.length >= NAMES_LOOKED_AT) break;
  }
  return archiveRole(basename(path), names);
}

async function isFlickrExport(path: string, { hasFlickrWords }: Company): Promise<boolean> {
  const role = await flickrRole(path);
  return role === "words" || (role === "media" && (hasFlickrWords || isNamedMediaPart(basename(path))));
}

/** The parts of exports that lie directly in a folder, as a download folder holds them. */
async function partsIn(folder: string, isPart: (name: string) => boolean): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => isPart(name))
    .sort()
    .map((name) => join(folder, name));
}

/** What a given path is, by looking: one root, or several where exports lie in a folder; a text says what is wrong with it. */
export async function classifyPath(path: string, company: Company): Promise<Root[] | string> {
  const found = await stat(path).catch(() => null);
  if (found === null) return `${path} does not exist`;
  const root = (at: string, kind: Root["kind"]): Root => ({
    path: at,
    kind,
    service: company.serviceOf(kind),
  });
  if (found.isFile()) {
    if (!ARCHIVE_NAME.test(path) && (await archiveKind(path)) === null) {
      return `${path} is neither a folder nor an archive of an export`;
    }
    return [root(path, (await isFlickrExport(path, company)) ? "flickr-export" : "google-takeout")];
  }
  if (!found.isDirectory()) return `${path} is neither a folder nor an archive`;
  const flickrZips = await partsIn(path, (name) => isExportPartName(name) && /\.zip$/i.test(name));
  const flickrRoots = flickrZips.map((part) => root(part, "flickr-export"));
  if (await isFlickrExport(path, company)) return [...flickrRoots, root(path, "flickr-export")];
  if (await looksLikeTakeout(path)) return [...flickrRoots, root(path, "google-takeout")];
  const takeouts = await partsIn(path, (name) => TAKEOUT_NAME.test(name));
  return [...takeouts.map((part) => root(part, "google-takeout")), ...flickrRoots, root(path, "folder")];
}
