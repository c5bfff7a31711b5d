import type { ContentHash } from "../../domain/ids.js";
import { groupBy } from "../../infra/group-by.js";
import { throwIfAborted } from "../../infra/until-aborted.js";
import type { Call } from "../../ports/call.js";
import type { Finding } from "../../ports/photo-source.js";
import type { StreamVerdicts } from "../exports/stream-verdicts.js";
import {
  type Copies,
  copiesOf,
  earlierInstances,
  foundFile,
  foundInstance,
  inReadingOrder,
  type TakeoutView,
} from "./instances.js";
import { type MediaFile, shownPath } from "./takeout-index.js";
import { rootOf, type Version } from "./versions.js";

type Variant = Finding["variants"][number];

/** The files of one photo: the original's, and those of each other version. */
interface Family {
  readonly root: ContentHash;
  readonly path: string;
  readonly byHash: ReadonlyMap<ContentHash, readonly MediaFile[]>;
}

/**
 * Makes one finding of each photo, sorted by its path: equal bytes are one photo wherever they lie, and versions go
 * with their original. Gives every media stream its verdict.
 */
export async function* assemblePhotos(
  service: string,
  media: readonly MediaFile[],
  versions: ReadonlyMap<ContentHash, Version>,
  view: TakeoutView,
  verdicts: StreamVerdicts,
  call: Call,
): AsyncGenerator<Finding> {
  for (const family of familiesOf(media, versions, view)) {
    throwIfAborted(call);
    const rootFiles = family.byHash.get(family.root) ?? [];
    for (const file of rootFiles) verdicts.settle(file.streams, "photo", family.path);
    const variants: { readonly version: Version; readonly files: readonly MediaFile[] }[] = [];
    for (const [hash, files] of family.byHash) {
      const version = versions.get(hash);
      if (hash === family.root || version === undefined) continue;
      variants.push({ version, files });
      for (const file of files) verdicts.settle(file.streams, "variant", `${version.role} of ${family.path}`);
    }
    yield await finding(service, rootFiles, variants, view);
  }
}

function familiesOf(
  media: readonly MediaFile[],
  versions: ReadonlyMap<ContentHash, Version>,
  view: TakeoutView,
): Family[] {
  const families = [...groupBy(media, ({ hash }) => rootOf(hash, versions))].map(([root, files]) => {
    const byHash = groupBy(inReadingOrder(files, view), ({ hash }) => hash);
    const [first] = byHash.get(root) ?? [];
    return { root, path: first === undefined ? "" : shownPath(first), byHash };
  });
  return families.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.root < b.root ? -1 : 1));
}

async function finding(
  service: string,
  rootFiles: readonly MediaFile[],
  variants: readonly { readonly version: Version; readonly files: readonly MediaFile[] }[],
  view: TakeoutView,
): Promise<Finding> {
  const roots = copiesOf(rootFiles, view);
  const sidecars = new Set(roots.map(({ match }) => match?.file));
  /** What a version says again in the original's own words is told once, with the original. */
  const speaksForItself = ({ id, match }: Copies) =>
    match !== undefined && !sidecars.has(match.file) && !roots.some((root) => root.id === id);
  const told = variants.map(({ version, files }) => ({ version, files, copies: copiesOf(files, view) }));
  const silent = told.flatMap(({ copies }) => copies.filter((each) => !speaksForItself(each)));
  const kinOf = (root: Copies) =>
    silent
      .filter(({ id }) => id === root.id || (root === roots[0] && !roots.some((other) => other.id === id)))
      .flatMap(({ files }) => files);
  const found: Variant[] = [];
  for (const { version, files, copies } of told) {
    const instances = [];
    for (const each of copies) {
      const speaks = speaksForItself(each);
      if (speaks) instances.push(...(await earlierInstances(each, view)));
      instances.push(await foundInstance(each, [], speaks, view));
    }
    found.push({ role: version.role, file: foundFile(files, view), instances });
  }
  const instances = [];
  for (const root of roots) {
    instances.push(
      ...(await earlierInstances(root, view)),
      await foundInstance(root, kinOf(root), true, view),
    );
  }
  return { kind: "photo", service, original: foundFile(rootFiles, view), instances, variants: found };
}
