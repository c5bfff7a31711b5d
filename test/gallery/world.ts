import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { PhotoDocument } from "../../src/domain/photo.js";
import { git } from "../cli/run-program.js";
import { jpegFile } from "../fixtures/media/jpeg-file.js";
import { NotPossibleHere } from "./gallery-case.js";

/** A small valid JPEG; other numbers give other bytes. */
export const goodPicture = (number: number): Buffer =>
  jpegFile({ trailer: createHash("sha256").update(`good picture ${number}`).digest() });

/**
 * The surroundings of one case: a library, a folder of inputs, home and temporary folders, and folders above them for
 * whatever would climb out. All of it except the library must stay as it is.
 */
export class World {
  /** Everything that is watched. */
  readonly root: string;
  readonly library: string;
  /** Where the inputs lie. */
  readonly inputs: string;
  readonly home: string;
  readonly temporary: string;
  /** Names of photos that must be in the library at the end, whatever lies beside them. */
  readonly photos: string[] = [];
  /** Places below the root that the case itself, or a store, changes. */
  readonly restless: string[] = [];
  /** What must be undone at the end: mounts, processes. */
  readonly #cleanups: (() => unknown)[] = [];
  #pictures = 0;

  private constructor(root: string) {
    this.root = root;
    const inner = join(root, "outer", "inner");
    this.library = join(inner, "library");
    this.inputs = join(inner, "in");
    this.home = join(inner, "home");
    this.temporary = join(inner, "tmp");
  }

  /** A fresh world; with the library copied from `template`, if one is given. */
  static async make(template: string | null): Promise<World> {
    // macOS names its temporary folder by a link.
    const world = new World(await realpath(await mkdtemp(join(tmpdir(), "photosync-gallery-"))));
    for (const folder of [world.inputs, world.home, world.temporary])
      await mkdir(folder, { recursive: true });
    if (template !== null) {
      const same = { recursive: true, preserveTimestamps: true, verbatimSymlinks: true };
      await cp(template, world.library, same);
    }
    return world;
  }

  in(...names: readonly string[]): string {
    return join(this.inputs, ...names);
  }

  /** Writes an input, making folders as needed, and tells its path. */
  async put(name: string, bytes: string | Uint8Array): Promise<string> {
    const path = this.in(...name.split("/"));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
    return path;
  }

  /** Bytes of another good picture, which must end up in the library as `name`. */
  expectPhoto(name: string): Buffer {
    this.photos.push(name);
    this.#pictures += 1;
    return goodPicture(this.#pictures);
  }

  /** A good picture among the inputs, which must end up in the library. */
  async good(name: string): Promise<string> {
    return this.put(name, this.expectPhoto(name.slice(name.lastIndexOf("/") + 1)));
  }

  /** Runs a system's tool; where it is missing or refuses, the case is not possible here. */
  tool(program: string, ...args: readonly string[]): void {
    try {
      execFileSync(program, args, { stdio: ["ignore", "ignore", "pipe"] });
    } catch (error) {
      const why = error instanceof Error ? error.message.trim().split("\n").at(-1) : String(error);
      throw new NotPossibleHere(`${program} is refused here: ${why}`);
    }
  }

  /** To be done when the case has ended, last first. */
  atEnd(cleanup: () => unknown): void {
    this.#cleanups.push(cleanup);
  }

  /** Paths of the photo documents in the working tree, sorted. */
  documentPaths(): readonly string[] {
    const photos = join(this.library, "photos");
    if (!existsSync(photos)) return [];
    return readdirSync(photos, { recursive: true, withFileTypes: true })
      .filter((found) => found.isFile() && found.name.endsWith(".json"))
      .map((found) => join(found.parentPath, found.name))
      .sort();
  }

  /** A photo document as it lies in the working tree. */
  document(path: string): PhotoDocument {
    const document: PhotoDocument = JSON.parse(readFileSync(path, "utf8"));
    return document;
  }

  /** Commits whatever lies in the library's working tree, as an owner would. */
  commit(): void {
    git(this.library, "add", "--all");
    git(this.library, "commit", "--quiet", "--message", "by hand");
  }

  /** Takes the world down. */
  async end(): Promise<void> {
    for (const cleanup of this.#cleanups.reverse()) await cleanup();
    await rm(this.root, { recursive: true, force: true });
  }
}
