import { readdirSync, readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { errnoOf, fileError } from "../infra/durable-file.js";
import { damaged, type GitObject, nullOid, type ObjectType } from "./git-object.js";
import { readLoose } from "./loose-objects.js";
import { PackReader, type StoredObject } from "./pack-reader.js";

/**
 * Reads Git objects by id wherever Git may keep them: packs, files of their own, and the same of other repositories
 * named in `objects/info/alternates`. isomorphic-git could read them too, but loads whole packs into memory (60 MB for
 * 100,000 documents) and knows no alternates.
 */
export class ObjectStore {
  readonly objectsDirs: readonly string[];
  readonly #packs = new Map<string, PackReader>();

  constructor(objectsDir: string) {
    this.objectsDirs = withAlternates(objectsDir);
  }

  /** Throws `library.damaged` when the object is missing, unreadable, or of another type than `type`. */
  read(oid: string, type: ObjectType): Buffer {
    const object = this.find(oid);
    if (object === null) throw damaged(`${type} ${oid} is missing`);
    if (object.type !== type) throw damaged(`${oid} is a ${object.type} where a ${type} is expected`);
    return object.bytes;
  }

  /** The object, or null when no pack and no file holds it. Throws `library.damaged` when it cannot be read. */
  find(oid: string): GitObject | null {
    if (oid === nullOid) return null;
    // A pack that appeared since (a commit of ours, a `git gc`) is looked for only after a miss, as Git does.
    const read = (pack: PackReader) => pack.read(oid);
    return this.#inPacks(read) ?? this.#looseOf(oid) ?? (this.#rescan() ? this.#inPacks(read) : null);
  }

  /** The object as the first pack that holds it has it; null when no pack does. Throws `library.damaged`. */
  packed(oid: string): StoredObject | null {
    return this.#inPacks((pack) => pack.stored(oid));
  }

  /** Closes the packs; the next read opens them again. */
  close(): void {
    for (const pack of this.#packs.values()) pack.close();
    this.#packs.clear();
  }

  #inPacks<T>(ask: (pack: PackReader) => T | null): T | null {
    for (const [stem, pack] of this.#packs) {
      let object: T | null;
      try {
        object = ask(pack);
      } catch (error) {
        if (errnoOf(error) !== "ENOENT") throw fileError(error, `${stem}.pack`, "read");
        // Repacked by `git gc` behind our back: its objects are in another pack by now.
        pack.close();
        this.#packs.delete(stem);
        continue;
      }
      if (object !== null) return object;
    }
    return null;
  }

  #looseOf(oid: string): GitObject | null {
    for (const dir of this.objectsDirs) {
      const object = readLoose(dir, oid);
      if (object !== null) return object;
    }
    return null;
  }

  /** Opens packs not known yet; false when there are none. */
  #rescan(): boolean {
    let found = false;
    for (const dir of this.objectsDirs) {
      for (const name of namesIn(join(dir, "pack"))) {
        const stem = join(dir, "pack", name.slice(0, -4));
        if (!name.endsWith(".idx") || this.#packs.has(stem)) continue;
        this.#packs.set(stem, new PackReader(stem));
        found = true;
      }
    }
    return found;
  }
}

function withAlternates(objectsDir: string): readonly string[] {
  const found = [objectsDir];
  for (const dir of found) {
    for (const line of linesOf(join(dir, "info", "alternates"))) {
      const other = isAbsolute(line) ? line : join(dir, line);
      // Git itself follows five levels; the list may also loop.
      if (!found.includes(other) && found.length < 32) found.push(other);
    }
  }
  return found;
}

function linesOf(path: string): readonly string[] {
  try {
    return readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
  } catch {
    return [];
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
