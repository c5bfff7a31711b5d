import { lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { afterAll, onTestFinished } from "vitest";
import { sha256Hex } from "./sha256.js";

/** A fresh folder that lives as long as the test. */
export async function tempFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "photosync-cli-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A fresh folder that lives as long as the file's tests. */
export async function tempFolderForAll(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "photosync-cli-"));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export interface PictureValues {
  /** `2024:01:15 10:30:00`, as EXIF writes it. */
  readonly taken?: string;
  readonly caption?: string;
}

/** A small real JPEG; other seeds give other pixels, equal arguments equal bytes. */
export async function picture(seed: number, { taken, caption }: PictureValues = {}): Promise<Buffer> {
  const background = { r: (seed * 37) % 256, g: (seed * 91) % 256, b: seed % 256 };
  const plain = sharp({ create: { width: 16, height: 12, channels: 3, background } }).jpeg();
  const described = caption === undefined ? {} : { ImageDescription: caption };
  return plain
    .withExif({
      IFD0: { Make: "Maker", Model: `Camera ${seed}`, ...described },
      ...(taken === undefined ? {} : { IFD2: { DateTimeOriginal: taken } }),
    })
    .toBuffer();
}

/** Writes a file below `root`, making folders as needed, and tells its path. */
export async function put(root: string, name: string, bytes: string | Uint8Array): Promise<string> {
  const path = join(root, ...name.split("/"));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
  return path;
}

/** Everything below `root` by name: what kind, how large, when it changed, and the bytes' hash. */
export async function snapshot(root: string): Promise<ReadonlyMap<string, string>> {
  const lines = new Map<string, string>();
  for (const name of (await readdir(root, { recursive: true })).sort()) {
    const path = join(root, name);
    const stats = await lstat(path, { bigint: true });
    const hash = stats.isFile() ? sha256Hex(await readFile(path)) : "";
    lines.set(name, `${stats.mode} ${stats.ino} ${stats.size} ${stats.mtimeNs} ${hash}`);
  }
  return lines;
}

/** The names and hashes of the blobs in a local store, set-aside ones and the store's own files left out. */
export async function blobsIn(store: string): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const name of (await readdir(store, { recursive: true })).sort()) {
    if (!/^\d{4}\/|^undated\//.test(name) || name.startsWith(".")) continue;
    const path = join(store, name);
    if ((await lstat(path)).isFile()) found[name] = sha256Hex(await readFile(path));
  }
  return found;
}
