import { describe, expect, it } from "vitest";
import { identityField } from "../../../../src/domain/identity/identity-field.js";
import { joinsOfPhotos } from "../../../../src/domain/identity/joins-of-photos.js";
import { knownPicture } from "../../../../src/domain/identity/known-picture.js";
import { type Sketch, sketchOf } from "../../../../src/domain/identity/sketch.js";
import type { PhotoDocument } from "../../../../src/domain/photo.js";
import { ResolvePhase, type ResolveSeen } from "../../../../src/phases/resolve/resolve-phase.js";
import { fakeLibrary, photoDocument } from "../../../fakes/fake-catalog.js";
import { type FakeIdentity, fakeIdentity, type Pixels } from "../../../fakes/fake-identity.js";
import { quietRun } from "../../../fakes/replicate-world.js";
import { blobs } from "../../domain/identity/seen-pictures.js";

const pixels = (seed: number, change?: (level: number) => number): Pixels => ({
  rgb: blobs(seed, change),
  fine: new Uint8Array(128 * 128),
});
const VIEW = pixels(1);
/** The same view with somebody's colours. */
const EDIT = pixels(1, (level) => Math.min(255, level * 1.35));
const ELSEWHERE = pixels(9);

const CAMERA = { make: "Canon", model: "EOS R6" };

interface Options {
  readonly filename?: string;
  readonly taken?: string;
  readonly width?: number;
  readonly state?: PhotoDocument["processing_state"];
  readonly with?: Partial<PhotoDocument>;
}

/** A new photo; `content` names its bytes. */
function photo(content: string, options: Options = {}): PhotoDocument {
  const { filename = "IMG_1234.JPG", taken = "2024-05-01T10:20:30.25", width = 4000 } = options;
  const path = `/photos/${content}/${filename}`;
  const made = photoDocument({
    content,
    filename,
    taken,
    state: options.state ?? "discovered",
    locations: [{ path }],
  });
  const media = { ...made.media, bytes: content.length, width, height: (width * 3) / 4 };
  return {
    ...made,
    media,
    instances: Object.fromEntries(
      Object.entries(made.instances).map(([name, one]) => [name, { ...one, id: path }]),
    ),
    sources: {
      original: [{ id: made.content_hash, facts: { taken_date: taken, camera_info: CAMERA }, raw: {} }],
    },
    metadata: { ...made.metadata, camera_info: CAMERA },
    ...options.with,
  };
}

function world(documents: readonly PhotoDocument[], views: Readonly<Record<string, Pixels | null>>) {
  const library = fakeLibrary(documents);
  const seen: ResolveSeen[] = [];
  const hashes = new Map(Object.entries(views).map(([content, view]) => [photo(content).content_hash, view]));
  const all = () => Array.from(library.catalog().rows(), ({ photo_id }) => library.get(photo_id));
  const identity: FakeIdentity = fakeIdentity(all, (hash) => hashes.get(hash));
  const phase = (enabledRules: readonly string[]) =>
    new ResolvePhase({
      catalog: library.catalog(),
      documents: library.documents,
      enabledRules,
      services: [],
      identity,
      onSeen: (one) => void seen.push(one),
    });
  const plan = async (rules: readonly string[] = ["quality_variants"]) => {
    const made = phase(rules);
    return made.plan(await made.observe(quietRun()));
  };
  const resolve = async (rules: readonly string[] = ["quality_variants"]) => {
    const made = phase(rules);
    const planned = made.plan(await made.observe(quietRun()));
    for await (const { edits } of made.execute(planned, quietRun())) await library.apply(edits);
    return planned.steps.map(({ action, target }) => [action, target]);
  };
  return { library, identity, plan, resolve, all };
}

const big = photo("big");
const small = photo("small", { width: 1000 });

describe("resolving photos that are one picture", () => {
  it("joins the lesser one to the better one with the reasons, keeps how both look, and then has nothing to do", async () => {
    const { library, resolve, identity, all } = world([small, big], { big: VIEW, small: VIEW });
    expect(await resolve()).toEqual([["join-photos", "IMG_1234.JPG"]]);
    expect(all()).toHaveLength(1);
    const joined = library.get(big.photo_id);
    expect(joined.processing_state).toBe("resolved");
    expect(joined.variants).toMatchObject([
      { content_hash: small.content_hash, role: "lower-quality", joined: { by: "rule" } },
    ]);
    expect(joined.variants?.[0]?.joined?.reasons).toContain("taken at the same fraction of a second");
    const hash = joined.media.perceptual_hash;
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(joined.variants?.[0]?.media.perceptual_hash).toBe(hash);
    expect(await resolve()).toEqual([]);
    expect(identity.decoded).toHaveLength(2);
  });

  it("makes the same plan whatever order photos come in", async () => {
    const third = photo("third", { width: 500 });
    const views = { big: VIEW, small: VIEW, third: VIEW };
    const plans = [
      [big, small, third],
      [third, small, big],
      [small, third, big],
    ].map((documents) => world(documents, views).plan());
    const digests = (await Promise.all(plans)).map(({ digest }) => digest);
    expect(new Set(digests).size).toBe(1);
  });

  it("joins a new one to a photo that is resolved and stored, and looks at nothing else", async () => {
    const stored = { ...big, processing_state: "replicated" as const };
    const others = Array.from({ length: 5 }, (_, n) =>
      photo(`other ${n}`, {
        filename: `IMG_5${n}00.JPG`,
        taken: `2019-01-0${n + 1}T01:0${n}:0${n + 1}`,
        state: "replicated",
      }),
    );
    const { library, resolve, identity } = world([...others, stored, small], { big: VIEW, small: VIEW });
    expect(await resolve()).toEqual([["join-photos", "IMG_1234.JPG"]]);
    expect(library.get(big.photo_id).variants).toHaveLength(1);
    expect(identity.decoded).toHaveLength(2);
  });

  it("loads no decoder where there is nothing to look at", async () => {
    const other = photo("other", { filename: "DSC_9.JPG", taken: "2020-07-07T07:07:07" });
    const { resolve, identity } = world([big, other], { big: VIEW, other: ELSEWHERE });
    await resolve();
    expect(identity.loads()).toBe(0);
  });

  it("asks about an edit on the lesser one's document, and withdraws the question once the other picture is gone", async () => {
    const edit = photo("edit", { width: 3000 });
    const { library, resolve } = world([big, edit], { big: VIEW, edit: EDIT });
    await resolve();
    const asked = library.get(edit.photo_id);
    expect(asked.processing_state).toBe("discovered");
    expect(asked.conflicts).toMatchObject([
      {
        type: "edit_variant",
        field: identityField(big.content_hash),
        resolution_required: true,
        values: { [big.content_hash]: { photo_id: big.photo_id, role: "edited" } },
      },
    ]);
    expect(library.get(big.photo_id).processing_state).toBe("resolved");
    expect(await resolve()).toEqual([]);
    const path = library.catalog().row(big.photo_id)?.path ?? "";
    await library.apply([{ path, bytes: null }]);
    await resolve();
    expect(library.get(edit.photo_id)).toMatchObject({ conflicts: [], processing_state: "resolved" });
  });

  it("keeps a question standing while one of the pictures cannot be looked at", async () => {
    const edit = photo("edit", { width: 3000 });
    const first = world([big, edit], { big: VIEW, edit: EDIT });
    await first.resolve();
    const later = world(first.all(), { big: VIEW });
    expect(await later.resolve()).toEqual([]);
    expect(later.library.get(edit.photo_id).conflicts).toHaveLength(1);
  });

  it("asks instead of joining while quality_variants is off", async () => {
    const { library, resolve } = world([big, small], { big: VIEW, small: VIEW });
    await resolve([]);
    expect(library.get(small.photo_id).conflicts).toMatchObject([{ type: "quality_variant" }]);
    expect(await resolve([])).toEqual([]);
    await resolve();
    expect(library.get(big.photo_id).variants).toHaveLength(1);
  });

  it("asks before a photo joins that its owner decided something on", async () => {
    const decided = {
      field: "caption",
      by: "person",
      rule: "own value",
      value: "mine",
      resolved_at: "2026-01-01T00:00:00Z",
    } as const;
    const owned = photo("small", {
      width: 1000,
      with: { metadata: { ...small.metadata, camera_info: CAMERA, caption: "mine" }, resolutions: [decided] },
    });
    const { library, resolve } = world([big, owned], { big: VIEW, small: VIEW });
    await resolve();
    expect(library.get(owned.photo_id).conflicts).toMatchObject([{ type: "quality_variant" }]);
    expect(await resolve()).toEqual([]);
  });

  it("never compares what a person held apart", async () => {
    const apart = photo("small", {
      width: 1000,
      with: {
        resolutions: [
          {
            field: identityField(big.content_hash),
            by: "person",
            rule: "different pictures",
            value: "different",
            resolved_at: "2026-01-01T00:00:00Z",
          },
        ],
      },
    });
    const { all, resolve } = world([big, apart], { big: VIEW, small: VIEW });
    await resolve();
    expect(all().map(({ processing_state }) => processing_state)).toEqual(["resolved", "resolved"]);
  });

  it("leaves frames apart, and goes on past a picture that cannot be decoded", async () => {
    const frame = photo("frame", { filename: "IMG_1235.JPG", taken: "2024-05-01T10:20:31.50" });
    const broken = photo("broken", { width: 800 });
    const { all, resolve } = world([big, small, frame, broken], {
      big: VIEW,
      small: VIEW,
      frame: VIEW,
      broken: null,
    });
    await resolve();
    expect(all()).toHaveLength(3);
    expect(all().find(({ photo_id }) => photo_id === broken.photo_id)?.conflicts).toMatchObject([
      { type: "quality_variant" },
    ]);
  });

  it("joins a photo of whose bytes another one holds a copy, once", () => {
    const joined = { by: "rule", at: "2026-01-01T00:00:00Z", reasons: [] } as const;
    const host: PhotoDocument = {
      ...big,
      variants: [{ ...small, role: "lower-quality", filename: "IMG_1234.JPG", joined }],
      sources: { original: [...(big.sources["original"] ?? []), ...(small.sources["original"] ?? [])] },
    };
    const photos = [small, host].flatMap((document) => knownPicture(document) ?? []);
    const { joined: joins, asked } = joinsOfPhotos(photos, new Map());
    expect(joins.map((join) => [join.host, join.member, join.reasons.length])).toEqual([
      [big.content_hash, small.content_hash, 1],
    ]);
    expect(asked).toEqual([]);
  });

  it("asks the same again of one that contradicts a copy which has joined since", () => {
    const joined = { by: "rule", at: "2026-01-01T00:00:00Z", reasons: [] } as const;
    const later = "2026-02-02T02:02:02.50";
    const copy = photo("copy", { width: 2000, taken: later });
    const host: PhotoDocument = {
      ...big,
      variants: [{ ...copy, role: "lower-quality", filename: "IMG_1234.JPG", joined }],
      sources: { original: [...(big.sources["original"] ?? []), ...(copy.sources["original"] ?? [])] },
    };
    const photos = [host, small].flatMap((document) => knownPicture(document) ?? []);
    const [view, elsewhere] = [sketchOf(VIEW), sketchOf(ELSEWHERE)];
    const looks = new Map<string, Sketch>([
      [big.content_hash, view],
      [small.content_hash, view],
      [copy.content_hash, elsewhere],
    ]);
    const { joined: joins, asked } = joinsOfPhotos(photos, looks);
    expect(joins).toEqual([]);
    expect(asked).toMatchObject([{ host: big.content_hash, member: small.content_hash }]);
  });
});
