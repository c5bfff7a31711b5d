import { homedir } from "node:os";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromPortable, toPortable } from "../../../src/infra/portable-path.js";

const LIBRARY = resolve("/home/ana/library");

describe("toPortable", () => {
  it.each([
    ["inside", "/home/ana/library/samples/a.jpg", "samples/a.jpg"],
    [
      "beside, with a name that begins alike",
      "/home/ana/library-old/a.jpg",
      resolve("/home/ana/library-old/a.jpg"),
    ],
    ["above", "/home/ana", resolve("/home/ana")],
    ["the library itself", "/home/ana/library", LIBRARY],
    ["inside, named with dots", "/home/ana/library/..old/a.jpg", "..old/a.jpg"],
    ["inside, in a folder named ~", "/home/ana/library/~/a.jpg", "./~/a.jpg"],
  ])("of a place %s", (_where, path, portable) => {
    expect(toPortable(LIBRARY, resolve(path))).toBe(portable);
  });

  it("leads back to the same place, whatever it is called", () => {
    const name = fc.oneof(
      fc.constantFrom("~", "..", "...", "..a", "a", "library", " ", "~a", "~root"),
      fc.string({ minLength: 1, maxLength: 6 }).filter((text) => !/[/\\:\0]/.test(text)),
    );
    fc.assert(
      fc.property(fc.array(name, { maxLength: 4 }), fc.boolean(), (names, isInside) => {
        const place = resolve(isInside ? LIBRARY : "/home", ...names);
        expect(fromPortable(LIBRARY, toPortable(LIBRARY, place))).toBe(place);
      }),
      { numRuns: 500 },
    );
  });

  it("means the same in a clone that lies elsewhere", () => {
    const portable = toPortable(LIBRARY, join(LIBRARY, "samples", "a.jpg"));
    expect(fromPortable(resolve("/mnt/clone"), portable)).toBe(resolve("/mnt/clone/samples/a.jpg"));
  });
});

describe("fromPortable", () => {
  it.each([
    ["~", homedir()],
    ["~/Pictures", join(homedir(), "Pictures")],
    ["~ana/Pictures", join(LIBRARY, "~ana/Pictures")],
    ["./blobs", join(LIBRARY, "blobs")],
    ["../blobs", resolve("/home/ana/blobs")],
  ])("of %s", (text, path) => expect(fromPortable(LIBRARY, text)).toBe(path));
});
