import type { Examined } from "../../ports/photo-source.js";
import { ExportSets } from "./export-sets.js";
import { isKnownYearPattern, isPhotosFolderName, yearPattern } from "./localized-names.js";

/** Where a stream lies, seen from the Photos folder of its export. */
export type Place =
  | {
      readonly kind: "photos";
      /** Parts of one export share it; names are only unique within one. Later exports sort behind earlier ones. */
      readonly set: string;
      /** Inside the Photos folder; empty for the folder itself. */
      readonly folder: string;
      readonly name: string;
    }
  | { readonly kind: "product"; readonly product: string }
  | { readonly kind: "outside" };

/** JSON files looked into before a folder counts as holding no photo sidecars. */
const SAMPLES = 25;

/** A folder whose rank is not known by name: some of its JSON files are looked into. */
type Suspects = Map<string, number[]>;

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

/** `Takeout/<product>` with whatever stands before it, or null where the path has no product folder. */
function productFolder(segments: readonly string[]): string | null {
  const takeout = segments.indexOf("Takeout");
  return takeout >= 0 && takeout < segments.length - 2 ? segments.slice(0, takeout + 2).join("/") : null;
}

function knownPhotosFolder(segments: readonly string[]): string | null {
  const at = segments.slice(0, -1).findIndex(isPhotosFolderName);
  return at < 0 ? null : segments.slice(0, at + 1).join("/");
}

/**
 * Finds the Photos folder of each export among all streams: by its known names below `Takeout`, else by content, as a
 * folder whose children hold photo sidecars. So exports in any language are read, and unpacked folders given at any
 * level: around `Takeout`, the Photos folder itself, or one year of it. `isSidecar` looks into a JSON stream.
 */
export async function locatePhotos(
  examined: readonly Examined[],
  isSidecar: (stream: number) => Promise<boolean>,
): Promise<Place[]> {
  const products: Suspects = new Map();
  const loose: Suspects = new Map();
  const roots = new Set<string>();
  for (const [stream, { name }] of examined.entries()) {
    const segments = name.split("/");
    const product = productFolder(segments);
    const known =
      product === null
        ? knownPhotosFolder(segments)
        : isPhotosFolderName(segments[product.split("/").length - 1] ?? "")
          ? product
          : null;
    if (known !== null) roots.add(known);
    else sample(product === null ? loose : products, product ?? folderOf(name), stream, name);
  }
  const holdsSidecars = async (streams: readonly number[]): Promise<boolean> => {
    for (const stream of streams) if (await isSidecar(stream)) return true;
    return false;
  };
  for (const [product, streams] of products) if (await holdsSidecars(streams)) roots.add(product);
  for (const [folder, streams] of loose) {
    const year = yearPattern(folder.slice(folder.lastIndexOf("/") + 1));
    const isYear = year !== null && isKnownYearPattern(year.pattern);
    if (isYear || (await holdsSidecars(streams))) roots.add(folderOf(folder));
  }
  const sets = new ExportSets(examined);
  const places = examined.map(({ name }, stream) => placeOf(name, stream, roots, products, sets));
  return sets.separated(places);
}

function sample(suspects: Suspects, folder: string, stream: number, name: string): void {
  const streams = suspects.get(folder) ?? [];
  if (streams.length < SAMPLES && /\.json$/i.test(name)) streams.push(stream);
  suspects.set(folder, streams);
}

function placeOf(
  name: string,
  stream: number,
  roots: ReadonlySet<string>,
  products: Suspects,
  sets: ExportSets,
): Place {
  const segments = name.split("/");
  const product = productFolder(segments);
  if (product !== null && !roots.has(product) && products.has(product)) {
    return { kind: "product", product: product.slice(product.lastIndexOf("/") + 1) };
  }
  const root = product ?? outermostRoot(segments, roots);
  if (root === null) return { kind: "outside" };
  const inside = root === "" ? name : name.slice(root.length + 1);
  return {
    kind: "photos",
    set: sets.setOf(stream, root),
    folder: folderOf(inside).normalize("NFC"),
    name: inside.slice(inside.lastIndexOf("/") + 1).normalize("NFC"),
  };
}

function outermostRoot(segments: readonly string[], roots: ReadonlySet<string>): string | null {
  if (segments.includes("Takeout") && !segments.some(isPhotosFolderName)) return null;
  for (let depth = 0; depth < segments.length; depth += 1) {
    const ancestor = segments.slice(0, depth).join("/");
    if (roots.has(ancestor)) return ancestor;
  }
  return null;
}
