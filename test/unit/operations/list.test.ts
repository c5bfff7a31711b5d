import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { rowOf } from "../../../src/control/photo-row.js";
import { lackingIn, list } from "../../../src/operations/list.js";
import type { ListOptions } from "../../../src/operations/options.js";
import { matchingFields } from "../../../src/operations/photo-filter.js";
import type { PhotoRow } from "../../../src/ports/catalog.js";
import { photoDocument, variantOf } from "../../fakes/fake-catalog.js";
import { quietRun } from "../../fakes/replicate-world.js";
import { makeLibrary, type TestLibrary } from "./library.js";

const everything: ListOptions = { undated: false, conflicts: false };
const row: PhotoRow = {
  ...rowOf("photos/2024/01/x.json", photoDocument({ taken: "2024-01-15T23:30:00-08:00" })),
  services: ["folder", "google-photos"],
  albums: ["Été à Noël"],
  people: ["Ana Ruiz"],
  tags: ["beach"],
  camera: "Apple iPhone 14",
};

describe("the filters of list", () => {
  const filters: readonly (readonly [Partial<ListOptions>, boolean])[] = [
    [{}, true],
    [{ state: "resolved" }, true],
    [{ state: "replicated" }, false],
    [{ service: "google-photos" }, true],
    [{ service: "google" }, false],
    [{ album: "été à noël" }, true],
    [{ album: "Été à Noël".normalize("NFD") }, true],
    [{ album: "Ete a Noel" }, false],
    [{ album: "Été" }, false],
    [{ person: "ana ruiz" }, true],
    [{ tag: "BEACH" }, true],
    [{ tag: "bea" }, false],
    [{ camera: "iphone" }, true],
    [{ camera: "nikon" }, false],
    [{ kind: "image" }, true],
    [{ kind: "video" }, false],
    [{ from: "2024-01-15", to: "2024-01-15" }, true],
    [{ from: "2024-01-16" }, false],
    [{ to: "2024-01-14" }, false],
    [{ undated: true }, false],
    [{ conflicts: true }, false],
    [{ notIn: "local" }, true],
    [{ service: "folder", tag: "snow" }, false],
  ];
  it.each(filters)("%j: %s", (options, passes) => {
    const found = matchingFields({ ...everything, ...options })(row) && lackingIn(options.notIn)(row);
    expect(found).toBe(passes);
  });

  it("leaves photos without a date out of every span of days", () => {
    const undated = { ...row, taken_date: null };
    expect(matchingFields({ ...everything, from: "0001-01-01" })(undated)).toBe(false);
    expect(matchingFields({ ...everything, to: "9999-12-31" })(undated)).toBe(false);
    expect(matchingFields({ ...everything, undated: true })(undated)).toBe(true);
  });

  it("takes a photo as not in a store while any of its files is missing there", () => {
    const variants = [variantOf("picture", { content: "edited" })];
    const half = rowOf("x", photoDocument({ stores: ["local"], variants }));
    const whole = rowOf("x", photoDocument({ stores: ["local"] }));
    expect(lackingIn("local")(half)).toBe(true);
    expect(lackingIn("local")(whole)).toBe(false);
  });
});

describe("list", () => {
  let library: TestLibrary;
  beforeEach(async () => {
    library = await makeLibrary();
    const taken = [
      null,
      "2024-01-15T10:30:00-08:00",
      "2024-01-15T10:30:00",
      "1999-12-31T23:59:59",
      "2024-01-15T10:29:59Z",
    ];
    await library.change(
      [],
      taken.map((date, n) => photoDocument({ content: `photo ${n}`, filename: `${n}.jpg`, taken: date })),
    );
  });
  afterEach(() => library.end());
  const names = async (options: Partial<ListOptions>) => {
    const { photos, counts } = await list(
      library.root,
      library.control,
      { ...everything, ...options },
      quietRun(),
    );
    return [photos.map(({ filename }) => filename), counts["photos"]];
  };

  it("shows the oldest first and those without a date last, and counts beyond the limit", async () => {
    expect(await names({})).toEqual([["3.jpg", "4.jpg", "2.jpg", "1.jpg", "0.jpg"], 5]);
    expect(await names({ limit: 2 })).toEqual([["3.jpg", "4.jpg"], 5]);
    expect(await names({ limit: 2, from: "2024-01-01" })).toEqual([["4.jpg", "2.jpg"], 3]);
  });
});
