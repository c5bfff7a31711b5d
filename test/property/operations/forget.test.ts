import { rmSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { hexOf } from "../../../src/domain/ids.js";
import { photoDocument, variantOf } from "../../fakes/fake-catalog.js";
import { forgetWorld } from "../../unit/operations/forget-world.js";
import { runs } from "../runs.js";

const STORES = ["local", "usb"];

/** Photos of a random library: which contents the variants of each have; contents of variants may be shared. */
const variants = fc.array(fc.uniqueArray(fc.constantFrom("x", "y", "z"), { maxLength: 2 }), {
  minLength: 2,
  maxLength: 4,
});

it("forgetting a photo leaves every other blob and document as it was, byte for byte", async () => {
  await fc.assert(
    fc.asyncProperty(variants, fc.nat(), async (each, chosen) => {
      const world = await forgetWorld();
      try {
        const photos = each.map((contents, index) => ({
          contents: [`photo ${index}`, ...contents],
          document: photoDocument({
            content: `photo ${index}`,
            stores: STORES,
            state: "replicated",
            variants: contents.map((content) => variantOf(`photo ${index}`, { content, stores: STORES })),
          }),
        }));
        await world.keep(photos);
        const before = world.files();
        const victim = photos[chosen % photos.length]?.document;
        if (victim === undefined) return;
        const others = photos.flatMap(({ document }) => (document === victim ? [] : [document]));
        const shared = new Set(
          others.flatMap((one) => [one, ...(one.variants ?? [])].map(({ content_hash }) => content_hash)),
        );
        const own = [victim, ...(victim.variants ?? [])].filter((one) => !shared.has(one.content_hash));
        await world.forget(victim.photo_id);
        const after = world.files();
        for (const [path, bytes] of before) {
          const isOwn =
            path.endsWith(`/${victim.photo_id}.json`) ||
            own.some(({ content_hash }) => path.includes(hexOf(content_hash)));
          if (path.endsWith("/SHA256SUMS")) continue;
          expect([path, after.get(path)]).toEqual([path, isOwn ? undefined : bytes]);
        }
      } finally {
        world.end();
        rmSync(world.usb, { recursive: true, force: true });
      }
    }),
    { numRuns: runs(6) },
  );
});
