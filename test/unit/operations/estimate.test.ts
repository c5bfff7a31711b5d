import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { estimate } from "../../../src/operations/estimate.js";
import { photoDocument } from "../../fakes/fake-catalog.js";
import { quietRun } from "../../fakes/replicate-world.js";
import { makeLibrary, type TestLibrary } from "./library.js";

let library: TestLibrary;
beforeEach(async () => {
  library = await makeLibrary();
  write("config/user-preferences.json", (preferences) => {
    preferences.blob_storage.stores = {
      cold: { type: "s3", preset: "aws", bucket: "photos", storage_class: "DEEP_ARCHIVE" },
      mine: { type: "s3", bucket: "photos", endpoint: "https://s3.example.org" },
      odd: { type: "s3", preset: "b2", bucket: "photos", storage_class: "GLACIER" },
    };
  });
  await library.change(
    [],
    [
      photoDocument({ content: "a", with: { media: { mime_type: "image/jpeg", bytes: 1024 ** 3 } } }),
      photoDocument({
        content: "b",
        stores: ["cold", "local"],
        with: { media: { mime_type: "image/jpeg", bytes: 2 * 1024 ** 3 } },
      }),
    ],
  );
});
afterEach(() => library.end());

// biome-ignore lint/suspicious/noExplicitAny: a test changes one field of a file
function write(path: string, change: (value: any) => void): void {
  const at = join(library.root, path);
  const value = JSON.parse(readFileSync(at, "utf8"));
  change(value);
  writeFileSync(at, JSON.stringify(value));
}
const ask = (presets: readonly string[] | "all" = []) =>
  estimate(library.root, library.control, { presets }, quietRun());

it("tells of each store what is there, what is to come, and what it costs; a disk and an unknown server have no price", async () => {
  const { places, counts } = await ask();
  expect(counts).toEqual({ objects: 2, bytes: 3 * 1024 ** 3, places: 4 });
  expect(places.map(({ store, costs }) => [store, costs?.basis.storage_class ?? null])).toEqual([
    ["cold", "DEEP_ARCHIVE"],
    ["local", null],
    ["mine", null],
    ["odd", null],
  ]);
  const [cold] = places;
  expect(cold).toMatchObject({
    there: { objects: 1, bytes: 2 * 1024 ** 3 },
    adds: { objects: 1, bytes: 1024 ** 3 },
    costs: { month_now: 1_980, month: 2_970, year: 35_640, basis: { currency: "USD", minimum_days: 180 } },
  });
});

it("compares with presets by every class of theirs, from the library's own table once it has been edited", async () => {
  write("config/prices.json", (table) => {
    table.presets.b2.classes.STANDARD.storage = [{ price: 1 }];
    table.presets.b2.gigabyte_bytes = 1024 ** 3;
    table.presets.b2.as_of = "2020-01-01";
  });
  const { places, as_of } = await ask(["b2", "r2"]);
  const presets = places.filter(({ store }) => store === null);
  expect(presets.map(({ costs }) => [costs?.basis.preset, costs?.basis.storage_class, costs?.month])).toEqual(
    [
      ["b2", "STANDARD", 3_000_000],
      ["r2", "STANDARD", 0],
      ["r2", "STANDARD_IA", expect.any(Number)],
    ],
  );
  expect(presets[0]?.costs?.basis.outdated).toBe(true);
  expect(as_of).toBe("2020-01-01");
});

it("has a table of its own for an older library, refuses a spoiled one, and names what it knows", async () => {
  rmSync(join(library.root, "config/prices.json"));
  expect((await ask("all")).places.length).toBeGreaterThan(10);
  await expect(ask(["nobody"])).rejects.toMatchObject({ code: "estimate.unknown-preset" });
  writeFileSync(join(library.root, "config/prices.json"), '{"schema_version": 1, "presets": {"b2": {}}}');
  await expect(ask()).rejects.toMatchObject({ code: "config.invalid" });
});
