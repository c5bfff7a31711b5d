import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LibraryConfig, Services, SyncState } from "../../../src/control/config.js";
import { rootsToRead, sourcesOf } from "../../../src/operations/discover-sources.js";
import type { DiscoverOptions } from "../../../src/operations/options.js";

let home: string;
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), "photosync-sources-")));
  for (const folder of ["library", "pictures", "downloads"]) mkdirSync(join(home, folder));
  for (const part of ["takeout-20240101T000000Z-002.zip", "takeout-20240101T000000Z-001.zip"])
    writeFileSync(join(home, "downloads", part), "PK");
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const config = (services: Services = {}, states: SyncState["services"] = {}): LibraryConfig => ({
  services,
  preferences: {
    schema_version: 1,
    default_visibility: "private",
    auto_resolve: [],
    blob_storage: { primary: "local", local_path: "./blobs" },
    sync_preferences: { download_originals: true, max_parallel_downloads: 4, incremental_sync_days: 30 },
  },
  syncState: { schema_version: 1, services: states },
});
const optionsOf = (options: Partial<DiscoverOptions>): DiscoverOptions => ({
  paths: [],
  fullScan: false,
  include: [],
  exclude: [],
  hidden: false,
  dryRun: false,
  ...options,
});
const at = (...names: string[]) => join(home, ...names);
const roots = async (options: Partial<DiscoverOptions>, known = config()) =>
  (await rootsToRead(optionsOf(options), known, at("library"))).roots.map(
    ({ path, kind, service }) => `${path.slice(home.length + 1).replaceAll("\\", "/")} ${kind} ${service}`,
  );
const when = "2024-01-15T10:30:00Z";

describe("rootsToRead", () => {
  it("tells a folder, and the export that lies in one, apart by looking", async () => {
    expect(await roots({ paths: [at("pictures"), at("downloads")] })).toEqual([
      "pictures folder folder",
      "downloads/takeout-20240101T000000Z-001.zip google-takeout google-photos",
      "downloads/takeout-20240101T000000Z-002.zip google-takeout google-photos",
      "downloads folder folder",
    ]);
  });

  it("reads a place once, however often it is given, for the account that is named", async () => {
    expect(await roots({ paths: [at("pictures"), at("pictures")], service: "nas" })).toEqual([
      "pictures folder nas",
    ]);
  });

  it("reads the known parts of a given export along, where they still are, and says so", async () => {
    const [first, second] = ["001", "002"].map((n) => at("downloads", `takeout-20240101T000000Z-${n}.zip`));
    const part = { kind: "google-takeout" as const, last_discover: when };
    const known = config(
      {},
      {
        "google-photos": {
          last_discover: when,
          roots: {
            [`${first}`]: part,
            [at("gone", "takeout-20240101T000000Z-003.zip")]: part,
            [at("downloads", "takeout-20250101T000000Z-001.zip")]: part,
          },
        },
        other: { last_discover: when, roots: { [at("downloads")]: { ...part, kind: "folder" } } },
      },
    );
    writeFileSync(at("downloads", "takeout-20250101T000000Z-001.zip"), "PK");
    const read = await rootsToRead(optionsOf({ paths: [`${second}`] }), known, at("library"));
    expect(read.roots.map(({ path }) => path)).toEqual([second, first]);
    expect(read.notes).toHaveLength(1);
    expect(read.notes[0]).toContain("takeout-20240101T000000Z-001.zip");
    for (const options of [{ service: "other" }, { paths: [`${first}`, `${second}`] }]) {
      const whole = await rootsToRead(optionsOf({ paths: [`${second}`], ...options }), known, at("library"));
      expect(whole.notes).toEqual([]);
    }
  });

  it("names every path that cannot be a source", async () => {
    writeFileSync(at("notes.txt"), "x");
    const error = await roots({ paths: [at("nowhere"), at("notes.txt"), at("pictures")] }).catch(
      (one) => one,
    );
    expect(error).toMatchObject({ code: "discover.bad-path", kind: "user" });
    for (const name of ["nowhere", "notes.txt"]) expect(error.message).toContain(at(name));
    expect(error.message).not.toContain(at("pictures"));
  });

  it("without paths reads what is configured and what was read before, unless switched off", async () => {
    const known = config(
      {
        folder: { enabled: true, paths: ["../pictures"] },
        nas: { enabled: false, paths: ["../downloads"] },
      },
      {
        nas: { last_discover: when, roots: { "../downloads": { kind: "folder", last_discover: when } } },
        folder: { last_discover: when, roots: { [at("pictures")]: { kind: "folder", last_discover: when } } },
      },
    );
    expect(await roots({}, known)).toEqual(["pictures folder folder"]);
    await expect(roots({ service: "nas" }, known)).rejects.toMatchObject({
      code: "discover.nothing-to-read",
    });
  });

  it("goes on without a disk that is unplugged, and says so", async () => {
    const known = config({ folder: { enabled: true, paths: ["../pictures", "../usb"] } });
    const { roots: found, notes } = await rootsToRead(optionsOf({}), known, at("library"));
    expect(found.map(({ path }) => path)).toEqual([at("pictures")]);
    expect(notes).toHaveLength(1);
    await expect(roots({})).rejects.toMatchObject({ code: "discover.nothing-to-read" });
  });
});

describe("sourcesOf", () => {
  it("reads all parts of an export as one, and the folder around them for itself", async () => {
    const { roots: found } = await rootsToRead(
      optionsOf({ paths: [at("downloads")] }),
      config(),
      at("library"),
    );
    const sources = sourcesOf(found, optionsOf({}), config(), at("library"));
    expect(sources.map(({ service, isExport }) => [service, isExport ?? false])).toEqual([
      ["folder", false],
      ["google-photos", true],
    ]);
    const [folder] = sources;
    writeFileSync(at("downloads", "a.jpg"), "x");
    const names: string[] = [];
    for await (const entry of folder?.entries({ signal: new AbortController().signal }) ?? [])
      if (entry.kind === "entry") names.push(entry.name);
    expect(names).toEqual(["a.jpg"]);
  });
});
