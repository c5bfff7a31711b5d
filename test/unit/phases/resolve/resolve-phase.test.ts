import { describe, expect, it } from "vitest";
import type { PhotoDocument } from "../../../../src/domain/photo.js";
import { ResolvePhase, type ResolveSeen } from "../../../../src/phases/resolve/resolve-phase.js";
import { type FakeLibrary, fakeLibrary, photoDocument } from "../../../fakes/fake-catalog.js";
import { fakeIdentity } from "../../../fakes/fake-identity.js";
import { quietRun } from "../../../fakes/replicate-world.js";

/** A photo whose own bytes and a service tell different captions. */
function disputed(content: string): PhotoDocument {
  const made = photoDocument({ content, filename: `${content}.jpg`, state: "discovered" });
  const says = (id: string, caption: string) => ({ id, facts: { caption }, raw: { caption } });
  return {
    ...made,
    metadata: { ...made.metadata, caption: "of the file" },
    sources: {
      original: [says(made.content_hash, "of the file")],
      folder: [says(`${content}.jpg`, "of the sidecar")],
    },
  };
}
const agreed = (content: string) =>
  photoDocument({ content, filename: `${content}.jpg`, state: "discovered" });

const identityOf = (library: FakeLibrary) =>
  fakeIdentity(() => Array.from(library.catalog().rows(), ({ photo_id }) => library.get(photo_id)));

function world(documents: readonly PhotoDocument[]) {
  const library = fakeLibrary(documents);
  const phase = () => {
    const seen: ResolveSeen[] = [];
    const made = new ResolvePhase({
      catalog: library.catalog(),
      documents: library.documents,
      enabledRules: [],
      services: [],
      identity: identityOf(library),
      onSeen: (one) => void seen.push(one),
    });
    return { made, seen };
  };
  const plan = async () => {
    const { made } = phase();
    return made.plan(await made.observe(quietRun()));
  };
  const resolve = async () => {
    const { made } = phase();
    const planned = made.plan(await made.observe(quietRun()));
    const outcomes: string[] = [];
    for await (const { outcome, edits } of made.execute(planned, quietRun())) {
      outcomes.push(outcome);
      await library.apply(edits);
    }
    return { planned, outcomes };
  };
  return { library, plan, resolve };
}

describe("ResolvePhase", () => {
  it("resolves what is agreed on, asks about what is not, and then has nothing left to do", async () => {
    const { library, plan, resolve } = world([agreed("a"), disputed("b")]);
    const { planned, outcomes } = await resolve();
    expect(planned.steps.map(({ target }) => target).sort()).toEqual(["a.jpg", "b.jpg"]);
    expect(outcomes).toEqual(["done", "done"]);
    expect(library.get(agreed("a").photo_id).processing_state).toBe("resolved");
    const open = library.get(disputed("b").photo_id);
    expect(open.processing_state).toBe("discovered");
    expect(open.conflicts.map(({ field }) => field)).toEqual(["caption"]);
    expect((await plan()).steps).toEqual([]);
  });

  it("makes the same plan whatever order photos come in", async () => {
    const photos = [agreed("a"), agreed("c"), disputed("b")];
    const digests = [photos, photos.toReversed()].map(
      async (documents) => (await world(documents).plan()).digest,
    );
    const [one, other] = await Promise.all(digests);
    expect(one).toBe(other);
  });

  it("leaves photos alone that are resolved and unquestioned", async () => {
    expect(
      (
        await world([
          photoDocument({ state: "resolved" }),
          photoDocument({ content: "r", state: "replicated" }),
        ]).plan()
      ).steps,
    ).toEqual([]);
  });

  it("blocks a step whose document is gone, and goes on", async () => {
    const { library, plan } = world([agreed("a"), agreed("b")]);
    const planned = await plan();
    await library.apply([{ path: planned.steps[0]?.path ?? "", bytes: null }]);
    const phase = new ResolvePhase({
      catalog: library.catalog(),
      documents: library.documents,
      enabledRules: [],
      services: [],
      identity: identityOf(library),
      onSeen: () => {},
    });
    const outcomes: string[] = [];
    for await (const { outcome } of phase.execute(planned, quietRun())) outcomes.push(outcome);
    expect(outcomes).toEqual(["blocked", "done"]);
  });
});
