import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PhotoDocument } from "../../../src/domain/photo.js";
import { digestOf, sha256Of } from "../../../src/infra/hash.js";
import { planReplication } from "../../../src/phases/replicate/plan.js";
import { replicatePhase } from "../../../src/phases/replicate/replicate-phase.js";
import { type MemoryStore, memoryStore } from "../../../src/stores/memory-store.js";
import { photoDocument, variantOf } from "../../fakes/fake-catalog.js";
import { depsOf, planOf, quietRun, replicate, replicateWorld } from "../../fakes/replicate-world.js";
import { runs } from "../runs.js";

const STORES = ["local", "usb"] as const;

/** What a store holds under a blob's key, and whether the document says that it was proven there. */
const copy = fc.record({
  recorded: fc.boolean(),
  held: fc.constantFrom("nothing", "right", "wrong size", "wrong bytes"),
  suspect: fc.boolean(),
});
type Drawn<A> = A extends fc.Arbitrary<infer T> ? T : never;

const blob = fc.record({ source: fc.constantFrom("file", "tgz", "second place"), local: copy, usb: copy });
const photo = fc.record({
  original: blob,
  variants: fc.array(blob, { maxLength: 2 }),
  state: fc.constantFrom("discovered" as const, "resolved" as const, "replicated" as const),
});
const world = fc.array(photo, { maxLength: 6 });

function spoiled(content: string, { held }: Drawn<typeof copy>): string | null {
  if (held === "nothing") return null;
  if (held === "right") return content;
  return held === "wrong size" ? `${content}!` : content.toUpperCase();
}

const placesOf = (content: string, source: string) =>
  source === "tgz"
    ? [{ path: "/all.tgz", entry: content }]
    : source === "file"
      ? [{ path: `/${content}` }]
      : [{ path: "/nowhere.jpg" }, { path: `/${content}` }];

/** Builds documents, store contents, sources and suspicions from what was drawn. */
function build(drawn: Drawn<typeof world>) {
  const stores = STORES.map((name) => memoryStore(name));
  const photos: PhotoDocument[] = [];
  const files = new Map<string, string>();
  const tgz = new Map<string, string>();
  const suspects = new Set<string>();
  for (const [n, { original, variants, state }] of drawn.entries()) {
    const contentOf = (at: number) => `photo ${n} blob ${at}`;
    const blobs = [original, ...variants];
    const storesOf = (at: number) => STORES.filter((name) => blobs[at]?.[name].recorded);
    const document = photoDocument({
      content: contentOf(0),
      state,
      locations: placesOf(contentOf(0), original.source),
      stores: storesOf(0),
      variants: variants.map((variant, at) =>
        variantOf(contentOf(0), {
          content: contentOf(at + 1),
          locations: placesOf(contentOf(at + 1), variant.source),
          stores: storesOf(at + 1),
        }),
      ),
    });
    photos.push(document);
    const keys = [document.blob_key, ...(document.variants ?? []).map((variant) => variant.blob_key)];
    for (const [at, { source, ...copies }] of blobs.entries()) {
      const key = keys[at];
      if (key === undefined) continue;
      if (source === "tgz") tgz.set(contentOf(at), contentOf(at));
      else files.set(`/${contentOf(at)}`, contentOf(at));
      for (const store of stores) {
        const one = copies[store.name === "usb" ? "usb" : "local"];
        const content = spoiled(contentOf(at), one);
        if (content !== null) store.blobs.set(key, new TextEncoder().encode(content));
        // Only `verify --deep` can tell wrong bytes of the right size; what it tells must be acted on.
        if (one.suspect || one.held === "wrong bytes") suspects.add(`${store.name} ${key}`);
      }
    }
  }
  const made = replicateWorld(photos, stores);
  for (const [path, content] of files) made.locations.files.set(path, content);
  made.locations.archives.set("/all.tgz", tgz);
  for (const suspect of suspects) made.suspects.add(suspect);
  return { made, stores, photos };
}

/** Every replica that a document records in one of these stores, with the hash of what the store really holds. */
function* recordedReplicas(document: PhotoDocument, stores: readonly MemoryStore[]) {
  for (const { replicas, content_hash } of [document, ...(document.variants ?? [])]) {
    for (const [name, { key }] of Object.entries(replicas)) {
      const store = stores.find((one) => one.name === name);
      const held = store?.blobs.get(key);
      if (store !== undefined) yield { held: held === undefined ? null : sha256Of(held), content_hash };
    }
  }
}

describe("replicate", () => {
  it("leaves an empty plan, and every recorded replica has the right bytes", async () => {
    await fc.assert(
      fc.asyncProperty(world, async (drawn) => {
        const { made, stores, photos } = build(drawn);
        const before = await planOf(made);
        const { results, stoppedBy } = await replicate(made);
        expect(stoppedBy).toBeNull();

        const held = new Set(before.held.map((line) => line.subject));
        const reachable = stores.filter((store) => !held.has(`store ${store.name}`));
        expect(results.map((result) => result.step).sort()).toEqual(
          before.steps.map((step) => step.id).sort(),
        );
        expect(
          results.filter((result) => result.outcome === "failed" || result.outcome === "blocked"),
        ).toEqual([]);
        for (const { photo_id } of photos) {
          for (const replica of recordedReplicas(made.library.get(photo_id), reachable)) {
            expect(replica.held).toBe(replica.content_hash);
          }
        }
        made.suspects.clear();
        expect((await planOf(made)).steps).toEqual([]);
      }),
      { numRuns: runs(75) },
    );
  });

  it("plans the same whatever the order of rows, copies and stores", async () => {
    await fc.assert(
      fc.asyncProperty(world, fc.integer(), async (drawn, seed) => {
        const { made } = build(drawn);
        const seen = await replicatePhase(depsOf(made)).observe(quietRun());
        const shuffled = <T>(items: readonly T[]): readonly T[] =>
          items
            .map((item, at) => ({ item, rank: digestOf(`${seed} ${at}`) }))
            .sort((a, b) => (a.rank < b.rank ? -1 : 1))
            .map(({ item }) => item);
        const mixed = {
          ...seen,
          stores: shuffled(seen.stores),
          copies: shuffled(seen.copies),
          complete: shuffled(seen.complete),
        };
        expect(planReplication(mixed, digestOf)).toEqual(planReplication(seen, digestOf));
      }),
      { numRuns: runs(50) },
    );
  });

  it("comes to the same documents and blobs when it is stopped at any point and run again", async () => {
    await fc.assert(
      fc.asyncProperty(world, fc.nat({ max: 12 }), async (drawn, stopAfter) => {
        const whole = build(drawn);
        const broken = build(drawn);
        await replicate(whole.made);
        const abort = new AbortController();
        let settled = 0;
        const progress = {
          ...quietRun().progress,
          advance: ({ bytes }: { readonly bytes?: number }) => {
            if (bytes !== undefined && settled++ === stopAfter) abort.abort();
          },
        };
        await replicate(broken.made, { run: { ...quietRun(abort.signal), progress } });
        await replicate(broken.made);
        for (const { photo_id } of whole.photos) {
          expect(broken.made.library.get(photo_id)).toEqual(whole.made.library.get(photo_id));
        }
        for (const [at, store] of whole.stores.entries()) {
          expect(broken.stores[at]?.blobs).toEqual(store.blobs);
        }
      }),
      { numRuns: runs(40) },
    );
  });
});
