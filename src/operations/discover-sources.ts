import { stat } from "node:fs/promises";
import { basename, join, sep } from "node:path";
import type { LibraryConfig } from "../control/config.js";
import { PhotosyncError } from "../domain/errors.js";
import { folderEntries } from "../infra/archive/folder-entries.js";
import { archiveKind } from "../infra/archive/sniff-archive.js";
import { tarEntries } from "../infra/archive/tar-entries.js";
import { zipEntries } from "../infra/archive/zip-entries.js";
import { readXmpSidecar } from "../infra/media/read-xmp.js";
import { fromPortable } from "../infra/portable-path.js";
import type { Call } from "../ports/call.js";
import type { PhotoSource } from "../ports/photo-source.js";
import { flickrExportSource } from "../services/flickr-export/flickr-export-source.js";
import { folderSource } from "../services/folder/folder-source.js";
import { parsePartName } from "../services/google-takeout/part-names.js";
import { takeoutSource } from "../services/google-takeout/takeout-source.js";
import { classifyPath, companyOf, type Root } from "./classify-path.js";
import { namedStores } from "./open-stores.js";
import type { DiscoverOptions } from "./options.js";
import { isStoreAlone, storeFiles } from "./store-files.js";

/**
 * The parts of the given exports that earlier runs read for the same account and that are still there: Takeout puts a
 * picture, its clip and its sidecar into whatever parts have room, and only together do they show what belongs together.
 * Flickr's parts bear nothing that tells one export from another, so that all of an account's go together.
 */
async function otherParts(
  given: readonly Root[],
  config: LibraryConfig,
  libraryRoot: string,
): Promise<readonly Root[]> {
  const exportOf = ({ kind, service, path }: Root): string | null => {
    if (kind === "flickr-export") return `${service}\0flickr`;
    const part = kind === "google-takeout" ? parsePartName(basename(path)) : null;
    return part === null ? null : `${service}\0${part.exportId}`;
  };
  const exports = new Set(given.map(exportOf));
  const known = Object.entries(config.syncState.services).flatMap(([service, { roots }]) =>
    Object.entries(roots).map(
      ([path, { kind }]): Root => ({ path: fromPortable(libraryRoot, path), kind, service }),
    ),
  );
  const others: Root[] = [];
  for (const root of known.sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const of = exportOf(root);
    if (of === null || !exports.has(of)) continue;
    if (given.some(({ path, service }) => path === root.path && service === root.service)) continue;
    if ((await stat(root.path).catch(() => null)) !== null) others.push(root);
  }
  return others;
}

/**
 * What to read: the given paths told apart by looking (with the other known parts of a given export), or, with none given, the folders of `config/services.json` and
 * whatever earlier runs read. Throws `discover.bad-path` naming every path that cannot be a source, and
 * `discover.nothing-to-read` when there is nothing, and no account to be read either (`hasAccounts`).
 */
export async function rootsToRead(
  options: DiscoverOptions,
  config: LibraryConfig,
  libraryRoot: string,
  hasAccounts = false,
): Promise<{ readonly roots: readonly Root[]; readonly notes: readonly string[] }> {
  const notes: string[] = [];
  if (options.paths.length > 0) {
    const own = ownFolders(libraryRoot);
    const stores = storeRoots(config, libraryRoot);
    const company = await companyOf(options.paths, options.service, config);
    const classified = await Promise.all(
      options.paths.map(async (path) =>
        own.some((folder) => path === folder || path.startsWith(folder + sep)) ||
        (await isStoreAlone(path, stores))
          ? `${path} belongs to the library itself`
          : classifyPath(path, company),
      ),
    );
    const problems = classified.filter((result) => typeof result === "string");
    if (problems.length > 0) {
      throw new PhotosyncError({
        kind: "user",
        code: "discover.bad-path",
        message: `${problems.join("; ")}.`,
        next: [
          "Give folders with photos, or the exports of Google Takeout (.zip, .tgz) or Flickr (.zip), packed or unpacked.",
        ],
      });
    }
    const given = unique(classified.flatMap((result) => (typeof result === "string" ? [] : result)));
    const along = await otherParts(given, config, libraryRoot);
    for (const { path } of along) notes.push(`${basename(path)}, known from before, was read along.`);
    return { roots: [...given, ...along], notes };
  }
  if (options.live?.pick !== undefined) return { roots: [], notes };
  const roots: Root[] = [];
  const wanted = (service: string) => options.service === undefined || options.service === service;
  const add = (path: string, kind: Root["kind"], service: string) =>
    roots.push({ path: fromPortable(libraryRoot, path), kind, service });
  for (const [service, settings] of Object.entries(config.services)) {
    if (!settings.enabled || !wanted(service)) continue;
    for (const path of settings.paths ?? []) add(path, "folder", service);
  }
  for (const [service, state] of Object.entries(config.syncState.services)) {
    if (!wanted(service) || config.services[service]?.enabled === false) continue;
    for (const [path, { kind }] of Object.entries(state.roots)) add(path, kind, service);
  }
  const present: Root[] = [];
  for (const root of unique(roots)) {
    if ((await stat(root.path).catch(() => null)) !== null) present.push(root);
    else notes.push(`${root.path} (${root.service}) is not there now; what it held stays in the library.`);
  }
  if (present.length === 0 && !hasAccounts) {
    throw new PhotosyncError({
      kind: "user",
      code: "discover.nothing-to-read",
      message:
        options.service === undefined
          ? "No folder or archive to read is known."
          : `No folder or archive of ${options.service} to read is known.`,
      next: [
        "Give a folder or an export: photosync discover ~/Pictures takeout-*.zip",
        ...notes.map((note) => `(${note})`),
      ],
    });
  }
  return { roots: present, notes };
}

function unique(roots: readonly Root[]): Root[] {
  const seen = new Map(roots.map((root) => [`${root.service}\0${root.path}`, root]));
  return [...seen.values()];
}

/** The library's own documents: never a source. */
const ownFolders = (libraryRoot: string): readonly string[] =>
  ["photos", "config", "schemas", "reports"].map((name) => join(libraryRoot, name));

const storeRoots = (config: LibraryConfig, libraryRoot: string): readonly string[] =>
  namedStores(config.preferences, libraryRoot)
    .filter(({ settings }) => settings.type === "local")
    .map(({ where }) => where);

/** One source per service and kind; all parts of an export are read as one. */
export function sourcesOf(
  roots: readonly Root[],
  options: DiscoverOptions,
  config: LibraryConfig,
  libraryRoot: string,
): readonly PhotoSource[] {
  const sources: PhotoSource[] = [];
  // Archives are read for themselves; a folder that holds them shows the rest.
  const archives = roots.filter(({ kind }) => kind !== "folder").map(({ path }) => path);
  const without = [...ownFolders(libraryRoot), ...archives];
  const stores = storeRoots(config, libraryRoot);
  const exports = {
    "google-takeout": new Map<string, string[]>(),
    "flickr-export": new Map<string, string[]>(),
  };
  for (const root of roots) {
    if (root.kind !== "folder") {
      const parts = exports[root.kind];
      parts.set(root.service, [...(parts.get(root.service) ?? []), root.path]);
      continue;
    }
    const settings = config.services[root.service];
    const globs = {
      include: [...(settings?.include ?? []), ...options.include],
      exclude: [...(settings?.exclude ?? []), ...options.exclude],
      hidden: options.hidden,
      without,
    };
    const filter = { ...globs, leftOut: () => storeFiles(stores) };
    const walk = (folder: string, call: Call) => folderEntries(folder, filter, call);
    sources.push(
      folderSource({
        service: root.service,
        root: root.path,
        libraryRoot,
        walk,
        readSidecar: readXmpSidecar,
      }),
    );
  }
  const readers = { zip: zipEntries, tar: tarEntries, folder: folderEntries, kindOf: archiveKind };
  for (const [service, parts] of exports["google-takeout"]) {
    sources.push({ ...takeoutSource({ service, parts, readers }), isExport: true });
  }
  for (const [service, parts] of exports["flickr-export"]) {
    sources.push({ ...flickrExportSource({ service, parts, readers }), isExport: true });
  }
  return sources;
}
