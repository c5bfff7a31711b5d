import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PhotosyncError } from "../../../src/domain/errors.js";
import { keptApart } from "../../../src/domain/joining/apart.js";
import { joinPhoto } from "../../../src/domain/joining/join.js";
import { splitVariant } from "../../../src/domain/joining/split.js";
import { mergeFinding } from "../../../src/domain/merge.js";
import type { PhotoDocument } from "../../../src/domain/photo.js";
import { resolveDocument } from "../../../src/domain/resolve.js";
import { DEFAULT_RULES } from "../../../src/domain/rules.js";
import { undo } from "../../../src/operations/undo.js";
import { quietRun } from "../../fakes/replicate-world.js";
import { idOf } from "../../property/domain/joining-world.js";
import { call } from "../control/native-git.js";
import {
  contextAt,
  editedByHand,
  found,
  hashOf,
  readingsOf,
  T0,
  T1,
  T2,
  variantFound,
} from "../domain/photo-world.js";
import { makeLibrary, pathOf, type TestLibrary } from "./library.js";

let library: TestLibrary;
beforeEach(async () => {
  library = await makeLibrary();
});
afterEach(() => library.end());

const readings = readingsOf(
  ["a", { taken_date: "2024-01-15T10:30:00", tags: ["sea"] }],
  ["b", { taken_date: "2024-01-15T10:30:00" }],
  ["c", {}],
);
const seenAt = (now: string, digit: string) => ({ ...contextAt(now), photoId: idOf(hashOf(digit)) });
const settled = (document: PhotoDocument): PhotoDocument =>
  resolveDocument(document, { enabledRules: DEFAULT_RULES, services: [], now: T1 }).document;

const host = settled(mergeFinding(null, found({ facts: { caption: "A day" } }), readings, seenAt(T0, "a")));
const sighting = found({
  digit: "b",
  service: "flickr",
  id: "two",
  facts: { caption: "A day" },
  variants: [variantFound("motion", { digit: "c", service: "flickr", id: "three" })],
});
const lone = settled(mergeFinding(null, sighting, readings, seenAt(T0, "b")));
const both = settled(
  joinPhoto(host, lone, { role: "lower-quality", by: "rule", reasons: ["they look the same"] }, T2) ??
    expect.unreachable("was kept apart"),
);

async function files(): Promise<ReadonlyMap<string, string>> {
  const held = new Map<string, string>();
  const head = await library.control.head();
  for await (const { path, oid } of library.control.listFiles(head, "photos", call))
    held.set(path, new TextDecoder().decode(await library.control.readObject(oid)));
  return held;
}
const takeBack = (operation?: string) =>
  undo(library.root, library.control, operation, { dryRun: false }, quietRun());
const documentOf = async (photo: PhotoDocument) => (await library.documents()).get(pathOf(photo));

describe("undoing what joined two photos", () => {
  it("brings both documents back, byte for byte", async () => {
    await library.change([], [host, lone]);
    const before = await files();
    await library.change([host, lone], [both]);
    expect([...(await library.documents()).values()]).toEqual([both]);
    const { counts } = await takeBack();
    expect(await files()).toEqual(before);
    expect(counts).toMatchObject({ restored: 1, recreated: 1 });
  });

  it("keeps what later operations did to the better one, and leaves it without the other, though both were stored since", async () => {
    await library.change([], [host, lone]);
    const joining = await library.change([host, lone], [both]);
    const variants = (both.variants ?? []).map((one) => ({
      ...one,
      replicas: { local: { key: one.blob_key, verified_at: T2 } },
    }));
    const stored: PhotoDocument = {
      ...editedByHand(both, { title: "Mine" }),
      replicas: { local: { key: both.blob_key, verified_at: T2 } },
      variants,
    };
    await library.change([both], [stored]);
    await takeBack(joining);
    expect(await documentOf(lone)).toEqual(lone);
    const left = await documentOf(host);
    expect(left?.variants).toBeUndefined();
    expect(left).toMatchObject({
      metadata: { ...host.metadata, title: "Mine" },
      replicas: stored.replicas,
      instances: host.instances,
      sources: host.sources,
    });
  });

  it("names the operation that built on the joined one, and goes on once that is undone", async () => {
    await library.change([], [host, lone]);
    const before = await files();
    const joining = await library.change([host, lone], [both]);
    const again = found({ digit: "b", service: "folder", id: "b.jpg", path: "b.jpg" });
    const seen = mergeFinding(both, again, readings, seenAt(T2, "a"));
    const later = await library.change([both], [seen]);
    const refusal = await takeBack(joining).catch((error: unknown) => error);
    if (!(refusal instanceof PhotosyncError)) expect.unreachable("was undone");
    expect(refusal.code).toBe("undo.clash");
    expect(refusal.next.join()).toContain(later.slice(0, 12));
    await takeBack(later);
    await takeBack(joining);
    expect(await files()).toEqual(before);
  });

  it("joins them again when what is undone is the split", async () => {
    await library.change([], [host, lone]);
    await library.change([host, lone], [both]);
    const joined = await files();
    const { host: left, apart } =
      splitVariant(both, lone.content_hash, lone.photo_id, T2) ?? expect.unreachable("nothing to split");
    const photos = [keptApart(left, apart.content_hash, T2), keptApart(apart, left.content_hash, T2)];
    const splitting = await library.change([both], photos);
    expect((await library.documents()).size).toBe(2);
    await takeBack(splitting);
    expect(await files()).toEqual(joined);
  });
});
