import { describe, expect, test } from "vitest";
import { foldPhoto, isFoldable } from "../../../src/domain/fold.js";
import { isPhotoId, type PhotoId } from "../../../src/domain/ids.js";
import { mergeFinding } from "../../../src/domain/merge.js";
import type { Approval, Conflict, PhotoDocument, Resolution } from "../../../src/domain/photo.js";
import { contextAt, editedByHand, found, readingsOf, T0, T1, T2, variantFound } from "./photo-world.js";

const LONE_ID: PhotoId = (() => {
  const text = "0d3c7a52-7f0f-5c54-9d51-1f5f2a0c9f11";
  if (!isPhotoId(text)) throw new RangeError(text);
  return text;
})();
const readings = readingsOf(["a", {}], ["b", { caption: "From the bytes" }], ["c", {}]);

const hostOf = (facts: Parameters<typeof found>[0] = {}): PhotoDocument =>
  mergeFinding(null, found({ facts: { albums: ["Sea"], caption: "A day" }, ...facts }), readings, {
    ...contextAt(T0),
  });
const loneOf = (facts: Parameters<typeof found>[0] = {}): PhotoDocument =>
  mergeFinding(
    null,
    found({
      digit: "b",
      id: "two",
      path: "L.mov",
      facts: { albums: ["Trips"], people: ["Ada"], favorite: true },
      ...facts,
    }),
    readings,
    { ...contextAt(T1), photoId: LONE_ID },
  );
const replica = (document: PhotoDocument): PhotoDocument => ({
  ...document,
  processing_state: "replicated",
  replicas: { local: { key: document.blob_key, verified_at: T1 } },
});
const folded = (host: PhotoDocument, lone: PhotoDocument, role: "motion" | "edited" = "edited") =>
  foldPhoto(host, lone, role, T2) ?? expect.unreachable("was kept apart");

describe("a folded photo", () => {
  test("is a variant with all that it was: bytes, copies, replicas, records, albums, people, flags", () => {
    const lone = replica(loneOf());
    const host = replica(hostOf());
    const document = folded(host, lone);
    expect(document.variants).toEqual([
      {
        content_hash: lone.content_hash,
        role: "edited",
        filename: lone.metadata.filename,
        media: lone.media,
        blob_key: lone.blob_key,
        instances: lone.instances,
        replicas: lone.replicas,
      },
    ]);
    for (const known of [host, lone]) {
      for (const [source, records] of Object.entries(known.sources))
        expect(document.sources[source]).toEqual(expect.arrayContaining([...records]));
    }
    expect(document).toMatchObject({
      photo_id: host.photo_id,
      content_hash: host.content_hash,
      blob_key: host.blob_key,
      instances: host.instances,
      replicas: host.replicas,
      created_at: T0,
      metadata: { caption: "A day" },
      albums: ["Sea", "Trips"],
      people: ["Ada"],
      favorite: true,
      processing_state: "discovered",
      updated_at: T2,
    });
  });

  test("leaves the host as if one finding had shown both", () => {
    const apart = folded(
      hostOf(),
      loneOf({ facts: { taken_date: "2020-01-01T00:00:00", tags: ["sea"] } }),
      "motion",
    );
    const motion = variantFound("motion", {
      digit: "b",
      id: "two",
      path: "L.mov",
      facts: { taken_date: "2020-01-01T00:00:00", tags: ["sea"] },
    });
    const whole = mergeFinding(
      null,
      found({ facts: { albums: ["Sea"], caption: "A day" }, variants: [motion] }),
      readings,
      contextAt(T0),
    );
    expect(apart.metadata).toEqual(whole.metadata);
    expect(apart.visibility).toEqual(whole.visibility);
    expect(apart.albums).toEqual(whole.albums);
    expect(apart.variants?.map(({ instances }) => Object.keys(instances))).toEqual([["google-photos"]]);
    const again = found({ facts: { albums: ["Sea"], caption: "A day" }, variants: [motion] });
    expect(mergeFinding(apart, again, readings, contextAt("2024-03-01T00:00:00Z"))).toBe(apart);
  });

  test("keeps what the host's last record says where both know one id", () => {
    const host = hostOf();
    const lone = loneOf({ id: "one", facts: { caption: "An older day" } });
    const document = folded(host, lone);
    expect(document.metadata.caption).toBe("A day");
    expect(document.sources["google-photos"]?.map(({ facts }) => facts.caption)).toEqual([
      "An older day",
      "A day",
    ]);
  });

  test("is seen by nobody new: the narrower level holds, and each service tells its widest", () => {
    const narrow = loneOf({ visibility: "friends", service: "flickr" });
    const both = folded(hostOf({ visibility: "public" }), narrow);
    expect(both.visibility).toEqual({
      canonical: "friends",
      per_service: { flickr: "friends", "google-photos": "public" },
      discrepancies: [{ service: "google-photos", current: "public", canonical: "friends" }],
    });
    expect(folded(hostOf({ visibility: "friends" }), loneOf({ visibility: "public" })).visibility).toEqual({
      canonical: "friends",
      per_service: { "google-photos": "public" },
      discrepancies: [{ service: "google-photos", current: "public", canonical: "friends" }],
    });
  });

  test("changes no value that the owner gave the host by hand", () => {
    const host = editedByHand(hostOf(), { caption: "Mine" });
    expect(folded({ ...host, albums: ["My own", "Sea"] }, loneOf())).toMatchObject({
      metadata: { caption: "Mine" },
      albums: ["My own", "Sea", "Trips"],
    });
  });
});

describe("a photo stays one", () => {
  const conflict: Conflict = {
    type: "metadata_mismatch",
    field: "caption",
    description: "Different captions",
    services: ["folder"],
    values: { folder: "x" },
    resolution_required: true,
  };
  const resolution = (by: Resolution["by"]): Resolution => ({
    field: "caption",
    by,
    rule: "some",
    value: "From the bytes",
    resolved_at: T1,
  });
  const approval: Approval = {
    service: "flickr",
    visibility: "public",
    approved_by: "me",
    approved_at: T1,
    reason: "mine",
  };
  const lone = loneOf();
  const third = mergeFinding(
    lone,
    found({ digit: "b", id: "two", variants: [variantFound("raw", { digit: "c", id: "three" })] }),
    readings,
    contextAt(T1),
  );
  const kept: Readonly<Record<string, PhotoDocument>> = {
    "with variants of its own": third,
    "with an approval": { ...lone, approvals: [approval] },
    "with a decision of a person": { ...lone, resolutions: [resolution("person")] },
    "with a question to a person": { ...lone, conflicts: [conflict] },
    "with a caption written by hand": editedByHand(lone, { caption: "Mine" }),
    "with an album written by hand": { ...lone, albums: ["Mine", "Trips"] },
    "with a flag taken away by hand": (({ favorite: _, ...rest }: PhotoDocument) => rest)(lone),
  };
  for (const [name, document] of Object.entries(kept)) {
    test(name, () => {
      expect(isFoldable(document)).toBe(false);
      expect(foldPhoto(hostOf(), document, "edited", T2)).toBeNull();
    });
  }

  test("but not for what a rule settled, which it settles again", () => {
    expect(isFoldable({ ...lone, resolutions: [resolution("rule")] })).toBe(true);
  });

  test("where the host already holds its bytes, or is the photo itself", () => {
    const variants = [variantFound("edited", { digit: "b", id: "two" })];
    expect(foldPhoto(hostOf({ variants }), lone, "edited", T2)).toBeNull();
    expect(foldPhoto(lone, lone, "edited", T2)).toBeNull();
  });
});
