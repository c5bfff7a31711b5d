import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { expect, test } from "vitest";
import { isBlobKey } from "../../src/domain/ids.js";
import { sha256Of } from "../../src/infra/hash.js";
import { localStore } from "../../src/stores/local-store.js";

const ROUNDS = 10;
const WRITERS = 4;
const call = { signal: new AbortController().signal };

/** Makes the writer one plain JavaScript file, so that each process starts in an instant; tells its path. */
async function buildWriter(outDir: string): Promise<string> {
  await build({
    configFile: false,
    logLevel: "error",
    publicDir: false,
    build: {
      ssr: fileURLToPath(new URL("blob-store-crash-writer.ts", import.meta.url)),
      outDir,
      emptyOutDir: false,
      target: "node20",
      rollupOptions: { output: { entryFileNames: "writer.mjs" } },
    },
  });
  return join(outDir, "writer.mjs");
}

/** Starts writers of the same blobs, and kills each after its own short while. */
async function killWriters(writer: string, root: string, round: number): Promise<void> {
  const deaths = Array.from({ length: WRITERS }, async (_, index) => {
    const child = spawn(process.execPath, [writer, root, String(round * 40 + index)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(child, "exit");
    await once(child.stdout, "data");
    setTimeout(() => child.kill("SIGKILL"), 3 + (((round * WRITERS + index) * 37) % 150));
    const [, signal] = await ended;
    expect(signal).toBe("SIGKILL");
  });
  await Promise.all(deaths);
}

/** Names under `root` with `/`. */
const namesUnder = async (root: string): Promise<string[]> =>
  (await readdir(root, { recursive: true })).map((name) => name.replaceAll("\\", "/"));

test(`${ROUNDS * WRITERS} writers killed at work on the same blobs leave no wrong bytes, and their leftovers are swept`, async () => {
  const folder = await mkdtemp(join(tmpdir(), "photosync-crash-"));
  const root = join(folder, "blobs");
  try {
    const writer = await buildWriter(folder);
    let swept = 0;
    for (let round = 0; round < ROUNDS; round++) {
      await killWriters(writer, root, round);
      const names = await namesUnder(root);
      const halves = names.filter((name) => name.endsWith(".photosync-tmp"));
      const keys = names.filter(isBlobKey);
      for (const key of keys) {
        expect(key).toContain(sha256Of(await readFile(join(root, key))).slice("sha256:".length));
      }
      const store = localStore({ name: "crash", root });
      expect(await store.sweep(call)).toBe(halves.length);
      swept += halves.length;
      expect((await namesUnder(root)).filter((name) => name.includes(".photosync-tmp"))).toEqual([]);
      expect((await namesUnder(root)).filter(isBlobKey)).toHaveLength(keys.length);
      expect((await namesUnder(root)).filter((name) => name.startsWith(".set-aside"))).toEqual([]);
    }
    expect(swept).toBeGreaterThan(0);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
