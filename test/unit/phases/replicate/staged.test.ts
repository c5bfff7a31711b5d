import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { locationReader } from "../../../../src/infra/archive/open-location.js";
import { executeReplication } from "../../../../src/phases/replicate/execute.js";
import { settledResults } from "../../../../src/phases/settled-results.js";
import { localStore } from "../../../../src/stores/local-store.js";
import { memoryStore } from "../../../../src/stores/memory-store.js";
import { staging } from "../../../../src/stores/staging.js";
import { photoDocument } from "../../../fakes/fake-catalog.js";
import { depsOf, planOf, quietRun, replicate, replicateWorld } from "../../../fakes/replicate-world.js";

const outcomes = (results: readonly { readonly outcome: string }[]) => results.map(({ outcome }) => outcome);

describe("bytes that discover kept at hand", () => {
  it("are stored although their source vanished", async () => {
    const document = photoDocument({});
    const world = replicateWorld([document]);
    world.staged.set(document.content_hash, "/staging/1");
    world.locations.files.set("/staging/1", "picture");
    const { results } = await replicate(world);
    expect(outcomes(results)).toEqual(["done"]);
    expect(world.locations.log).toEqual(["open /staging/1"]);
  });

  it("come after a store's bytes and before an archive", async () => {
    const document = photoDocument({ locations: [{ path: "/a.tgz", entry: "IMG_1.jpg" }] });
    const world = replicateWorld([document]);
    world.staged.set(document.content_hash, "/staging/1");
    world.locations.files.set("/staging/1", "picture");
    world.locations.archives.set("/a.tgz", new Map([["IMG_1.jpg", "picture"]]));
    await replicate(world);
    world.stores.set("usb", memoryStore("usb"));
    await replicate(world);
    expect(world.locations.log).toEqual(["open /staging/1"]);
  });

  it("that have gone bad are forgotten, and the source is read without a word of a changed original", async () => {
    const document = photoDocument({});
    const world = replicateWorld([document]);
    world.staged.set(document.content_hash, "/staging/1");
    world.locations.files.set("/staging/1", "pictuRe").set("/photos/IMG_1.jpg", "picture");
    const { results } = await replicate(world);
    expect([outcomes(results), results[0]?.failure]).toEqual([["done"], undefined]);
    expect(world.staged.size).toBe(0);

    const alone = replicateWorld([document]);
    alone.staged.set(document.content_hash, "/staging/1");
    alone.locations.files.set("/staging/1", "pictuRe");
    expect((await replicate(alone)).results[0]?.failure?.code).toBe("original.not-found");
  });

  it("are taken by the first store of two as they are, and copied from there by the second", async () => {
    const root = await mkdtemp(join(tmpdir(), "photosync-staged-"));
    try {
      const document = photoDocument({});
      const area = staging({ root: join(root, "staging"), note: () => {} });
      await area.keep(document.content_hash, new TextEncoder().encode("picture"));
      const kept = (await area.find(document.content_hash, "picture".length)) ?? "";
      const { ino } = await stat(kept);
      const stores = ["local", "usb"].map((name) => localStore({ name, root: join(root, name) }));
      const world = replicateWorld([document], stores);
      const deps = { ...depsOf(world), staging: area, locations: locationReader(root) };
      const { results } = await settledResults(executeReplication(await planOf(world), deps, quietRun()));
      expect(outcomes(results)).toEqual(["done", "done"]);
      expect(existsSync(kept)).toBe(false);
      expect((await stat(join(root, "local", document.blob_key))).ino).toBe(ino);
      expect(await readFile(join(root, "usb", document.blob_key), "utf8")).toBe("picture");
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });
});
