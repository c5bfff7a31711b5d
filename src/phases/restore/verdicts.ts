import type { ContentHash } from "../../domain/ids.js";
import type { Call } from "../../ports/call.js";
import type { FileTree, Standing } from "../../ports/file-tree.js";

/** How what stands under a path compares with the bytes that are to stand there. */
export type Verdict =
  | "absent"
  /** Equal size, and equal hash of every byte, read now. */
  | "same"
  | "other"
  /** No file, and none can be put there. */
  | "foreign";

/** Bytes that are to stand somewhere. */
interface Wanted {
  readonly hash: ContentHash;
  readonly bytes: number;
}

/** What stands in a tree; where sizes are equal a file is read, once. */
export interface Verdicts {
  of(path: string, wanted: Wanted, call: Call): Promise<Verdict>;
  /** What stands there, without reading it. */
  look(path: string): Promise<Standing>;
}

/** Judges what stands in the tree. A file that cannot be read is `other`: nobody knows that it is whole. */
export function treeVerdicts(tree: FileTree): Verdicts {
  const hashes = new Map<string, Promise<ContentHash | null>>();

  const look = (path: string): Promise<Standing> => tree.look(path);
  const hashOf = (path: string, call: Call): Promise<ContentHash | null> => {
    const known = hashes.get(path);
    if (known !== undefined) return known;
    const hashing = tree.hash(path, call).catch((error: unknown) => {
      if (call.signal.aborted) throw error;
      return null;
    });
    hashes.set(path, hashing);
    return hashing;
  };

  return {
    look,
    async of(path, { hash, bytes }, call) {
      const there = await look(path);
      if (there.kind !== "file") return there.kind;
      if (there.sizeBytes !== bytes) return "other";
      return (await hashOf(path, call)) === hash ? "same" : "other";
    },
  };
}
