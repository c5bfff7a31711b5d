import { PhotosyncError } from "../domain/errors.js";
import { isOid } from "./git-object.js";

const signature = "# v2 git bundle\n";
/** Far above what the refs of a library take. */
const longestHeader = 64 * 1024;

/** What stands before the pack of a bundle. */
export interface BundleHeader {
  /** The commit that HEAD names in it. */
  readonly revision: string;
  /** The branch to check out. */
  readonly ref: string;
  /** Where the pack begins. */
  readonly packStart: number;
}

/** The error for a bundle that does not hold together, or is none. */
export const damagedBundle = (why: string, cause?: unknown): PhotosyncError =>
  new PhotosyncError({
    kind: "integrity",
    code: "bundle.damaged",
    message: `The bundle cannot be used: ${why}.`,
    next: ["Take another one: photosync recover STORE-URL DIR --list shows which there are."],
    cause,
  });

/**
 * Reads the header of a bundle of version 2 that holds a whole history (gitformat-bundle). `bytes` is the file's beginning, of up to 64 KB.
 * Throws `bundle.damaged`.
 */
export function parseBundleHeader(bytes: Buffer): BundleHeader {
  const end = bytes.indexOf("\n\n");
  if (!bytes.subarray(0, signature.length).equals(Buffer.from(signature)) || end < 0 || end > longestHeader)
    throw damagedBundle("it does not begin as Git bundles of version 2 do");
  const refs = new Map<string, string>();
  for (const line of bytes.toString("utf8", signature.length, end).split("\n")) {
    if (line.startsWith("-")) throw damagedBundle("it holds only a part of the history");
    const [oid = "", name = ""] = line.split(/ (.*)/s);
    if (!isOid(oid) || name === "") throw damagedBundle("its list of branches is malformed");
    refs.set(name, oid);
  }
  const branches = [...refs.keys()].filter(isBranch);
  const revision = refs.get("HEAD") ?? refs.get(branches[0] ?? "");
  if (revision === undefined) throw damagedBundle("it names no branch");
  const ref = branches.find((name) => refs.get(name) === revision) ?? "refs/heads/main";
  return { revision, ref, packStart: end + 2 };
}

/** Names that are a plain file below `refs/heads` on every disk (git-check-ref-format is wider). */
const isBranch = (name: string): boolean =>
  /^refs\/heads\/[A-Za-z0-9_][\w.+-]*(?:\/[A-Za-z0-9_][\w.+-]*)*$/.test(name) &&
  !/\.\.|\.lock(?:\/|$)|\.(?:\/|$)/.test(name);
