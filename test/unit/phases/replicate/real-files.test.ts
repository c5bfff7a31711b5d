import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { createGzip } from "node:zlib";
import { pack } from "tar-stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { locationReader } from "../../../../src/infra/archive/open-location.js";
import { executeReplication } from "../../../../src/phases/replicate/execute.js";
import { settledResults } from "../../../../src/phases/settled-results.js";
import { localStore } from "../../../../src/stores/local-store.js";
import { photoDocument } from "../../../fakes/fake-catalog.js";
import { depsOf, planOf, quietRun, replicateWorld } from "../../../fakes/replicate-world.js";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "photosync-replicate-"));
  await mkdir(join(root, "card"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function tgz(entries: ReadonlyMap<string, string>): Promise<Uint8Array> {
  const tar = pack();
  for (const [name, content] of entries) tar.entry({ name }, content);
  tar.finalize();
  return buffer(tar.pipe(createGzip()));
}

describe("replicating on a real disk", () => {
  it("fills two folders from files and a tgz, with paths relative to the library", async () => {
    const entry = "Takeout/Google Photos/a.jpg";
    const photos = [
      photoDocument({ content: "from the tgz", locations: [{ path: "export.tgz", entry }] }),
      photoDocument({ content: "from a file", locations: [{ path: "card/IMG_2.jpg" }] }),
      photoDocument({ content: "from nowhere", locations: [{ path: "export.tgz", entry: "gone.jpg" }] }),
    ];
    await writeFile(join(root, "export.tgz"), await tgz(new Map([[entry, "from the tgz"]])));
    await writeFile(join(root, "card", "IMG_2.jpg"), "from a file");
    const stores = ["local", "usb"].map((name) => localStore({ name, root: join(root, name) }));
    const world = replicateWorld(photos, stores);

    const deps = { ...depsOf(world), locations: locationReader(root) };
    const { results, stoppedBy } = await settledResults(
      executeReplication(await planOf(world), deps, quietRun()),
    );

    expect(stoppedBy).toBeNull();
    expect(results.map(({ outcome }) => outcome).sort()).toEqual([
      "done",
      "done",
      "done",
      "done",
      "failed",
      "failed",
    ]);
    for (const name of ["local", "usb"]) {
      for (const [at, content] of ["from the tgz", "from a file"].entries()) {
        expect(await readFile(join(root, name, photos[at]?.blob_key ?? ""), "utf8")).toBe(content);
      }
    }
    const failure = results.find((result) => result.outcome === "failed")?.failure;
    expect(failure?.code).toBe("original.not-found");
    expect(failure?.message).toContain("gone.jpg in export.tgz");
  });
});
