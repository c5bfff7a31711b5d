import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const CORPUS = fileURLToPath(new URL("corpus/", import.meta.url));

/** Inputs kept in Git for a target: `new-…` reached code that seeds do not, `defect-…` once showed a defect. */
export function keptInputs(target: string): readonly { readonly name: string; readonly bytes: Buffer }[] {
  const folder = join(CORPUS, target);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
}

/** Keeps an input under a name made of `kind` and its contents; returns the path. */
export function keepInput(target: string, kind: "new" | "defect", bytes: Uint8Array): string {
  const folder = join(CORPUS, target);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${kind}-${createHash("sha256").update(bytes).digest("hex").slice(0, 12)}`);
  writeFileSync(path, bytes);
  return path;
}

/** Files of any folder below `root` up to `mostBytes`, for trying real files that cannot be kept here. */
export function filesBelow(root: string, mostBytes: number): readonly string[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .sort()
    .map((name) => join(root, name))
    .filter((path) => {
      const stats = statSync(path);
      return stats.isFile() && stats.size <= mostBytes;
    });
}
