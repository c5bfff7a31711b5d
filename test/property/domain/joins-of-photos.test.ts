import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { joinsOfPhotos } from "../../../src/domain/identity/joins-of-photos.js";
import type { KnownPicture } from "../../../src/domain/identity/known-picture.js";
import { contentHash, type PhotoId } from "../../../src/domain/ids.js";
import { byCodeUnit } from "../../../src/domain/same-json.js";
import { sketched } from "../../unit/domain/identity/seen-pictures.js";
import { runs } from "../runs.js";

const SKETCHES = [
  sketched(1),
  sketched(1, (level) => Math.min(255, level * 1.35)),
  sketched(5),
  null,
] as const;

const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const appearance = fc.record({
  takenDate: oneOf(
    "2024-05-01T10:20:30.25",
    "2024-05-01T10:20:30",
    "2024-05-01T08:20:30Z",
    "2024-05-01T10:20:31.50",
    "2025-02-03T04:05:06",
    undefined,
  ),
  filename: oneOf("IMG_1234.JPG", "IMG_1235.JPG", "lake at dawn.jpg", "lake at dawn (1).jpg", "53_k.jpg"),
  camera: oneOf({ make: "Canon", model: "EOS R6" }, { make: "Apple", model: "iPhone 13" }, undefined),
  width: oneOf(4000, 2000, 1000),
  source: oneOf("folder", "flickr", "google-photos"),
  look: fc.nat(SKETCHES.length - 1),
});

interface Case {
  readonly photos: readonly KnownPicture[];
  readonly looks: ReadonlyMap<string, (typeof SKETCHES)[number]>;
}

const cases = fc.array(appearance, { minLength: 2, maxLength: 8 }).map((drawn): Case => {
  const hashes = drawn.map((_, n) => contentHash(String(n).repeat(64)));
  const photos = drawn.map(({ takenDate, filename, camera, width, source }, n): KnownPicture => {
    const id = hashes[n] ?? expect.unreachable();
    return {
      photoId: `photo ${n}` as PhotoId,
      original: {
        id,
        kind: "image",
        marks: [],
        sources: [source],
        filename,
        ...(takenDate !== undefined && { takenDate }),
        ...(camera !== undefined && { camera }),
        width,
        height: (width * 3) / 4,
        bytes: width + n,
      },
      joined: [],
      apart: [],
    };
  });
  return { photos, looks: new Map(drawn.map(({ look }, n) => [hashes[n] ?? "", SKETCHES[look] ?? null])) };
});

type Found = ReturnType<typeof joinsOfPhotos>;
const pairs = (joins: Found["asked"]) =>
  joins.map(({ host, member }) => `${host} ${member}`).sort(byCodeUnit);

/** The photos after each member has become a variant of its host. */
function afterJoining(photos: readonly KnownPicture[], { joined }: Found): readonly KnownPicture[] {
  const hostOf = new Map(joined.map(({ host, member }) => [member, host]));
  return photos.flatMap((photo) => {
    if (hostOf.has(photo.original.id)) return [];
    const members = photos.filter(({ original }) => hostOf.get(original.id) === photo.original.id);
    const all = members.flatMap((member) => [member.original, ...member.joined]);
    return [{ ...photo, joined: [...photo.joined, ...all] }];
  });
}

describe("which photos are one picture", () => {
  test.prop([cases, fc.nat()], { numRuns: runs(60) })(
    "does not depend on the order of photos",
    ({ photos, looks }, turn) => {
      const at = turn % photos.length;
      const other = [...photos.slice(at), ...photos.slice(0, at)].toReversed();
      const [one, two] = [joinsOfPhotos(photos, looks), joinsOfPhotos(other, looks)];
      expect(pairs(two.joined)).toEqual(pairs(one.joined));
      expect(pairs(two.asked)).toEqual(pairs(one.asked));
    },
  );

  test.prop([cases], { numRuns: runs(60) })(
    "is the same again once they were joined: nothing more joins, the same is asked",
    ({ photos, looks }) => {
      const found = joinsOfPhotos(photos, looks);
      const again = joinsOfPhotos(afterJoining(photos, found), looks);
      expect(pairs(again.joined)).toEqual([]);
      expect(pairs(again.asked)).toEqual(pairs(found.asked));
    },
  );

  test.prop([cases], { numRuns: runs(60) })(
    "gives each member one host that stays, and asks of none that joined",
    ({ photos, looks }) => {
      const { joined, asked } = joinsOfPhotos(photos, looks);
      const members = joined.map(({ member }) => member);
      expect(new Set(members).size).toBe(members.length);
      for (const { host } of joined) expect(members).not.toContain(host);
      for (const { host, member } of asked) {
        expect(members).not.toContain(host);
        expect(members).not.toContain(member);
      }
    },
  );
});
