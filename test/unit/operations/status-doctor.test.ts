import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { doctor } from "../../../src/operations/doctor.js";
import { configuredStores } from "../../../src/operations/open-stores.js";
import { status } from "../../../src/operations/status.js";
import { photoDocument, variantOf } from "../../fakes/fake-catalog.js";
import { quietRun } from "../../fakes/replicate-world.js";
import { nobodysComputer } from "../../fixtures/surroundings.js";
import { put } from "../control/native-git.js";
import { makeLibrary, pathOf, type TestLibrary } from "./library.js";

let library: TestLibrary;
beforeEach(async () => {
  library = await makeLibrary();
});
afterEach(() => library.end());

const look = () => status(library.root, library.control, quietRun());
const examine = () =>
  doctor(library.root, library.control, { live: false, surroundings: nobodysComputer }, quietRun());
const commands = async () => (await look()).next.map(({ command }) => command);

describe("status", () => {
  it("of an empty library tells how to begin", async () => {
    expect(await commands()).toEqual(["photosync discover ~/Pictures"]);
  });

  it("counts photos, blobs and what is missing where, and tells what comes next", async () => {
    const variants = [variantOf("a", { content: "edited" })];
    await library.change(
      [],
      [
        photoDocument({ content: "a", variants, state: "discovered" }),
        photoDocument({ content: "b", state: "resolved" }),
      ],
    );
    const { counts, stores, services } = await look();
    const bytes = "a".length + "edited".length + "b".length;
    expect(counts).toMatchObject({ photos: 2, discovered: 1, resolved: 1, replicated: 0, bytes });
    expect(stores).toMatchObject([{ name: "local", replicas: 0, missing: 3, note: null }]);
    expect(services.find(({ name }) => name === "folder")?.photos).toBe(2);
    expect(await commands()).toEqual(["photosync resolve", "photosync replicate --execute"]);
  });

  it("tells how many photos wait for an account, by what its policy wants and what it takes", async () => {
    const services = (replicate: object) => ({
      schema_version: 1,
      flickr: { enabled: true, replicate },
      "google-photos": { enabled: true },
    });
    const waits = async (replicate: object) => {
      await library.commit([put("config/services.json", JSON.stringify(services(replicate)))]);
      return (await look()).next.flatMap(({ command, why }) =>
        command === "photosync replicate" ? [/^\d+/.exec(why)?.[0]] : [],
      );
    };
    const there = {
      id: "1",
      quality: "original",
      last_sync: "2024-02-01T00:00:00Z",
      visibility: "private",
    } as const;
    const trashed = photoDocument({ content: "trash", state: "resolved", with: { trashed: true } });
    const raw = photoDocument({ content: "raw", state: "resolved" });
    await library.change(
      [],
      [
        photoDocument({ content: "a", state: "resolved" }),
        photoDocument({ content: "b", state: "replicated" }),
        photoDocument({ content: "c", state: "discovered" }),
        photoDocument({ content: "d", state: "resolved", with: { instances: { flickr: there } } }),
        trashed,
        { ...raw, media: { ...raw.media, mime_type: "image/heic" } },
      ],
    );
    expect(await waits({ photos: "all" })).toEqual(["2"]);
    expect(await waits({ photos: { tags: ["best"] } })).toEqual([]);
    expect(await waits({})).toEqual([]);
  });

  it("does not send anybody to a store that is not there", async () => {
    await library.change(
      [],
      [photoDocument({ stores: ["local"], variants: [variantOf("picture", { content: "e" })] })],
    );
    const { stores } = await look();
    expect(stores).toMatchObject([{ replicas: 1, missing: 1 }]);
    expect(stores[0]?.note).not.toBeNull();
    expect(await commands()).toEqual([]);
  });

  it("is partial while a document is broken, and names what the owner has not committed", async () => {
    const photo = photoDocument();
    await library.change([], [photo]);
    await library.commit([put(pathOf(photo), "{ broken")]);
    writeFileSync(join(library.root, pathOf(photo)), "{ mended? }");
    const { outcome, failures, uncommitted } = await look();
    expect([outcome, failures.map(({ code }) => code), uncommitted]).toEqual([
      "partial",
      ["document.not-json"],
      [pathOf(photo)],
    ]);
    expect((await commands())[0]).toBe("git status");
  });
});

describe("doctor", () => {
  const levels = async () =>
    Object.fromEntries((await examine()).checks.map(({ name, level }) => [name, level]));

  it("finds nothing wrong with a new library", async () => {
    expect(await levels()).toMatchObject({ documents: "ok", "working tree": "ok", "store local": "ok" });
    expect((await examine()).outcome).toBe("done");
  });

  it("tells of names in auto_resolve that are no rule's", async () => {
    const path = join(library.root, "config", "user-preferences.json");
    const preferences = JSON.parse(readFileSync(path, "utf8"));
    const configured = async (...auto_resolve: readonly string[]) => {
      await library.commit([
        put("config/user-preferences.json", JSON.stringify({ ...preferences, auto_resolve })),
      ]);
      return (await examine()).checks.find(({ name }) => name === "configuration");
    };
    expect(await configured("same_value", "text_form", "prefer:flickr:caption")).toMatchObject({
      level: "ok",
    });
    const told = await configured("tag_onion", "prefer:flickr:mood");
    expect(told).toMatchObject({ level: "warning" });
    expect(told?.found).toContain("tag_onion, prefer:flickr:mood");
  });

  it("says what replicate may do on an account, or why its entry cannot be used", async () => {
    const configured = async (flickr: object) => {
      const services = { schema_version: 1, flickr: { enabled: true, ...flickr } };
      await library.commit([put("config/services.json", JSON.stringify(services))]);
      return (await examine()).checks.find(({ name }) => name === "what replicate may do on flickr");
    };
    expect(await configured({})).toMatchObject({ level: "ok" });
    expect(await configured({ replicate: { photos: "all" } })).toMatchObject({ level: "ok" });
    expect(await configured({ endpoints: { rest: "http://example.org" } })).toMatchObject({
      level: "problem",
    });
  });

  it("finds broken documents, changes of the owner's and a store that is gone", async () => {
    const photo = photoDocument({ stores: ["local"] });
    await library.change([], [photo]);
    await library.commit([put("photos/2024/01/broken.json", "{")]);
    writeFileSync(join(library.root, pathOf(photo)), "{}");
    expect(await levels()).toMatchObject({
      documents: "problem",
      "working tree": "warning",
      "store local": "problem",
    });
    expect((await examine()).outcome).toBe("partial");
  });
});

describe("configuredStores", () => {
  it("sorts stores by name, and knows which ones it cannot reach", () => {
    const stores = configuredStores(
      {
        schema_version: 1,
        default_visibility: "private",
        auto_resolve: [],
        blob_storage: {
          primary: "local",
          local_path: "./blobs",
          s3_bucket: "photos",
          stores: { disk: { type: "local", path: "/mnt/usb" } },
        },
        sync_preferences: { download_originals: true, max_parallel_downloads: 4, incremental_sync_days: 30 },
      },
      library.root,
    );
    expect(stores.map(({ name, where, store }) => [name, where, store?.name ?? null])).toEqual([
      ["disk", "/mnt/usb", "disk"],
      ["local", join(library.root, "blobs"), "local"],
      ["s3", "s3://photos", null],
    ]);
  });
});
