import { describe, expect, it } from "vitest";
import type { PhotoDocument } from "../../../../../src/domain/photo.js";
import { viewOf } from "../../../../../src/domain/replicate-policy.js";
import { VISIBILITIES } from "../../../../../src/domain/visibility.js";
import { replicatePhase } from "../../../../../src/phases/replicate/replicate-phase.js";
import { photoDocument } from "../../../../fakes/fake-catalog.js";
import { FakeAccount, fakeTarget } from "../../../../fakes/fake-service.js";
import { memoryJournal } from "../../../../fakes/memory-journal.js";
import { depsOf, quietRun, replicate, replicateWorld } from "../../../../fakes/replicate-world.js";

const ABLE = {
  settableVisibilities: VISIBILITIES,
  editableFields: new Set(["title"] as const),
  uploadLimits: { image: 1e9, video: 1e9 },
  uploadTypes: new Set(["image/jpeg"]),
};
const FLICKR = viewOf("flickr", { photos: "all" }, ABLE);
const OTHER = viewOf("other", { photos: "all" }, ABLE);

/** The plan for a photo that every store has, with these accounts written to. */
async function planFor(
  document: PhotoDocument,
  { targets, anew = [] }: { readonly targets: readonly string[]; readonly anew?: readonly string[] },
) {
  const world = replicateWorld([document]);
  await replicate(world);
  const stored = world.library.get(document.photo_id);
  const again = {
    ...world,
    library: replicateWorld([{ ...stored, processing_state: document.processing_state }]).library,
  };
  const work = {
    views: [FLICKR, OTHER],
    targets: new Map(targets.map((name) => [name, fakeTarget(name, new FakeAccount(), () => "good")])),
    anew: new Set(anew),
    journal: memoryJournal(),
    sleep: async () => {},
  };
  const phase = replicatePhase(depsOf(again), work);
  return phase.plan(await phase.observe(quietRun()));
}

const picture = photoDocument({ locations: [{ path: "/IMG.jpg" }] });
const onFlickr = (title: string): PhotoDocument => ({
  ...picture,
  metadata: { ...picture.metadata, title: "Rome" },
  instances: {
    ...picture.instances,
    flickr: { id: "7", quality: "original", last_sync: picture.updated_at, visibility: "private" },
    other: { id: "8", quality: "original", last_sync: picture.updated_at, visibility: "private" },
  },
  sources: {
    ...picture.sources,
    flickr: [{ id: "7", facts: { title }, raw: {} }],
    other: [{ id: "8", facts: { title: "Rome" }, raw: {} }],
  },
});

const actions = ({ steps }: Awaited<ReturnType<typeof planFor>>) =>
  steps.filter(({ action }) => action !== "store-blob").map(({ action, target }) => `${action} ${target}`);

describe("the plan of replicate with services", () => {
  it("uploads to the accounts that it is sent to, and marks nothing while another lacks the photo", async () => {
    expect(actions(await planFor(picture, { targets: ["flickr", "other"] }))).toEqual([
      "upload flickr",
      "upload other",
    ]);
    expect(actions(await planFor(picture, { targets: ["flickr"] }))).toEqual(["upload flickr"]);
  });

  it("corrects what an account says otherwise, and looks at a replicated photo again where settings changed", async () => {
    const document = onFlickr("Roma");
    const targets = ["flickr", "other"];
    expect(actions(await planFor(document, { targets }))).toEqual(["set-metadata flickr"]);
    const replicated = { ...document, processing_state: "replicated" as const };
    expect(actions(await planFor(replicated, { targets }))).toEqual([]);
    expect(actions(await planFor(replicated, { targets, anew: ["flickr"] }))).toEqual([
      "set-metadata flickr",
    ]);
  });

  it("tells what a service does not take as held for that service", async () => {
    const raw = { ...picture, media: { ...picture.media, mime_type: "image/x-canon-cr2" } };
    const { held } = await planFor(raw, { targets: ["flickr"] });
    expect(held).toEqual([
      { subject: picture.photo_id, why: "flickr takes no image/x-canon-cr2", service: "flickr" },
    ]);
  });
});
