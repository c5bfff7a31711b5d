import type { Brand } from "./brand.js";

/** `20261122T010203Z-1a2b3c4d5e6f.bundle`: when it was made (UTC), and the first twelve digits of the commit that it ends with. Sorts by time. */
export type BundleName = Brand<string, "BundleName">;

const NAME = /^(\d{4})(\d{2})\d{2}T\d{6}Z-([0-9a-f]{12})\.bundle$/;
const SHORT = 12;

/** True for the name of a bundle. */
export const isBundleName = (text: string): text is BundleName => NAME.test(text);

/** The name of a bundle of `revision` (a commit's whole id), made at `at` (`2026-11-22T01:02:03.456Z`). Throws `RangeError` for anything else. */
export function bundleName(at: string, revision: string): BundleName {
  const text = `${at.replace(/\.\d+Z$/, "Z").replaceAll(/[-:]/g, "")}-${revision.slice(0, SHORT)}.bundle`;
  if (!isBundleName(text)) throw new RangeError(`not the name of a bundle: ${text}`);
  return text;
}

/** The first digits of the commit that a bundle ends with. */
export const commitOfBundle = (name: BundleName): string => NAME.exec(name)?.[3] ?? "";

/** True where a bundle of this name ends with this commit. */
export const isBundleOf = (name: BundleName, revision: string): boolean =>
  revision.startsWith(commitOfBundle(name));

/** The month in which a bundle was made, `2026-11`. */
export function monthOfBundle(name: BundleName): string {
  const [, year, month] = NAME.exec(name) ?? [];
  return `${year}-${month}`;
}

/** When a bundle was made, `2026-11-22T01:02:03Z`. */
export const timeOfBundle = (name: BundleName): string =>
  name.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z.*$/, "$1-$2-$3T$4:$5:$6Z");
