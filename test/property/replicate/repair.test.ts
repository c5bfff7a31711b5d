import fc from "fast-check";
import { expect, test } from "vitest";
import type { BlobKey } from "../../../src/domain/ids.js";
import { settledResults } from "../../../src/phases/settled-results.js";
import { countFinding, NOTHING_VERIFIED } from "../../../src/phases/verify/finding.js";
import { repairPhase } from "../../../src/phases/verify/repair-phase.js";
import { type MemoryStore, memoryStore } from "../../../src/stores/memory-store.js";
import { photoDocument } from "../../fakes/fake-catalog.js";
import { depsOf, quietRun, replicateWorld } from "../../fakes/replicate-world.js";
import { runs } from "../runs.js";

const bytes = (text: string) => new TextEncoder().encode(text);
const damage = fc.constantFrom("none", "flip", "cut", "grow", "empty", "other", "lost");

function spoil(store: MemoryStore, key: BlobKey, how: string): void {
  const right = store.blobs.get(key) ?? bytes("");
  if (how === "lost") store.blobs.delete(key);
  else if (how === "flip") store.blobs.set(key, right.with(2, (right[2] ?? 0) ^ 4));
  else if (how === "cut") store.blobs.set(key, right.slice(0, -1));
  else if (how === "grow") store.blobs.set(key, bytes("longer than any photo here"));
  else if (how === "empty") store.blobs.set(key, bytes(""));
  else if (how === "other") store.blobs.set(key, bytes("phOto 0"));
}

/** What each photo has left: its replica in either store, kept bytes, its source. */
const photoLife = fc.record({
  local: damage,
  usb: damage,
  staged: fc.constantFrom("no", "right", "wrong"),
  source: fc.constantFrom("no", "right", "wrong"),
});

test("repair restores every photo that has one good copy, keeps all bad bytes, and touches nothing else", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(photoLife, { minLength: 1, maxLength: 6 }), async (lives) => {
      const [local, usb] = [memoryStore("local"), memoryStore("usb")];
      const stores = [local, usb];
      const photos = lives.map((_, n) =>
        photoDocument({ content: `photo ${n}`, filename: `IMG_${n}.jpg`, stores: ["local", "usb"] }),
      );
      const world = replicateWorld(photos, stores);
      // A store that holds nothing at all would pass for one that was never used.
      const anchor = photoDocument({ content: "anchor" });
      for (const store of stores) store.blobs.set(anchor.blob_key, bytes("anchor"));
      const held = new Map<string, Uint8Array>();
      const isGood = lives.map((life, n) => {
        const { blob_key: key, content_hash: hash } = photos[n] ?? expect.unreachable();
        const right = bytes(`photo ${n}`);
        for (const store of stores) store.blobs.set(key, right);
        spoil(local, key, life.local);
        spoil(usb, key, life.usb);
        if (life.staged !== "no") {
          world.staged.set(hash, `/staging/${n}`);
          world.locations.files.set(`/staging/${n}`, life.staged === "right" ? `photo ${n}` : "phoTo x");
        }
        if (life.source !== "no") {
          world.locations.files.set(
            `/photos/IMG_${n}.jpg`,
            life.source === "right" ? `photo ${n}` : "edited",
          );
        }
        for (const store of stores) {
          const now = store.blobs.get(key);
          if (now !== undefined) held.set(`${store.name} ${key}`, now);
        }
        return [life.local, life.usb].includes("none") || life.staged === "right" || life.source === "right";
      });
      const deps = depsOf(world);
      let counts = NOTHING_VERIFIED;
      const request = { catalog: deps.catalog, stores: world.stores, deep: true };
      const phase = repairPhase(request, deps, (finding) => {
        counts = countFinding(counts, finding);
      });
      const plan = phase.plan(await phase.observe(quietRun()));
      const { results, stoppedBy } = await settledResults(phase.execute(plan, quietRun()));

      expect(stoppedBy).toBeNull();
      expect(plan.steps).toHaveLength(counts.missing + counts.corrupt);
      expect(results).toHaveLength(plan.steps.length);
      for (const [n, photo] of photos.entries()) {
        const right = bytes(`photo ${n}`);
        for (const store of stores) {
          const before = held.get(`${store.name} ${photo.blob_key}`);
          const after = store.blobs.get(photo.blob_key);
          const wasRight = before !== undefined && Buffer.compare(before, right) === 0;
          expect(after === undefined ? null : Buffer.from(after)).toEqual(
            isGood[n] ? Buffer.from(right) : before === undefined ? null : Buffer.from(before),
          );
          const aside = [...store.aside].filter(([path]) => path.startsWith(photo.blob_key));
          const expected = isGood[n] && before !== undefined && !wasRight ? [Buffer.from(before)] : [];
          expect(aside.map(([, kept]) => Buffer.from(kept))).toEqual(expected);
        }
      }
    }),
    { numRuns: runs(150) },
  );
});
