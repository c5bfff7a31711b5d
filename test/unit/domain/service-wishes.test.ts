import { describe, expect, it } from "vitest";
import type { Approval, PhotoDocument } from "../../../src/domain/photo.js";
import { resolveDocument } from "../../../src/domain/resolve.js";
import { DEFAULT_RULES } from "../../../src/domain/rules.js";
import type { WritableField } from "../../../src/domain/service-fields.js";
import { type ServiceView, wishesFor } from "../../../src/domain/service-wishes.js";
import { VISIBILITIES } from "../../../src/domain/visibility.js";
import { found, mergeAll, readingsOf, type Sighting, T1, T2 } from "./photo-world.js";

const FIELDS: readonly WritableField[] = ["title", "caption", "tags", "albums"];

const service = (changes: Partial<ServiceView> = {}): ServiceView => ({
  name: "flickr",
  uploads: { kind: "all" },
  fields: new Set(FIELDS),
  settableVisibilities: VISIBILITIES,
  uploadLimits: { image: 200_000_000, video: 1_000_000_000 },
  ...changes,
});

const settled = (document: PhotoDocument): PhotoDocument =>
  resolveDocument(document, { enabledRules: DEFAULT_RULES, now: T2 }).document;

/** A photo of the folder with what its file says, and what else is on record. */
const photo = (...sightings: readonly Sighting[]): PhotoDocument =>
  mergeAll(
    [found({ service: "folder", visibility: "private" }), ...sightings.map(found)],
    readingsOf(["a", { caption: "Harbour", tags: ["sea"] }]),
  );

const approval = (visibility: Approval["visibility"]): Approval => ({
  service: "flickr",
  visibility,
  approved_by: "Ann",
  approved_at: T1,
  reason: "for the family",
});

describe("wishesFor", () => {
  it("uploads a settled photo that the service lacks, with the fields that the owner lets out", () => {
    const document = settled(photo());
    expect(wishesFor(document, service())).toEqual({
      wishes: [
        {
          kind: "upload",
          hash: document.content_hash,
          fields: { caption: "Harbour", tags: ["sea"] },
          why: "not on flickr yet",
        },
      ],
      held: [],
    });
    const [captionOnly] = wishesFor(document, service({ fields: new Set(["caption"]) })).wishes;
    expect(captionOnly).toMatchObject({ fields: { caption: "Harbour" } });
  });

  it("leaves what is gone from the service as it is, and does not bring it back", () => {
    const document = settled(photo({ service: "flickr", visibility: "public", facts: { caption: "Other" } }));
    expect(wishesFor(document, service()).wishes).not.toEqual([]);
    const { flickr } = document.instances;
    if (flickr === undefined) expect.unreachable();
    const gone = { ...document, instances: { ...document.instances, flickr: { ...flickr, gone_since: T2 } } };
    expect(wishesFor(gone, service())).toEqual({ wishes: [], held: [] });
  });

  it("waits with uploads until the photo is resolved", () => {
    expect(wishesFor(photo(), service()).wishes).toEqual([]);
  });

  it("uploads nothing that is trashed, somebody else's, not chosen, or there already", () => {
    const document = settled(photo());
    const none = (changed: PhotoDocument, view = service()) =>
      expect(wishesFor(changed, view).wishes).toEqual([]);
    none({ ...document, trashed: true });
    none({ ...document, ownership: "other" });
    none(document, service({ uploads: { kind: "none" } }));
    none(document, service({ uploads: { kind: "some", albums: ["Rome"], tags: ["family"] } }));
    none(
      settled(
        photo({
          service: "flickr",
          id: "1",
          visibility: "private",
          facts: { caption: "Harbour", tags: ["sea"] },
        }),
      ),
    );
    const { uploadLimits: _, ...readOnly } = service();
    none(document, readOnly);
  });

  it("uploads what an album or a tag chooses", () => {
    const document = { ...settled(photo()), albums: ["Rome"] };
    for (const uploads of [
      { kind: "some", albums: ["Rome"], tags: [] },
      { kind: "some", albums: [], tags: ["sea"] },
    ] as const) {
      expect(wishesFor(document, service({ uploads })).wishes.map(({ kind }) => kind)).toEqual(["upload"]);
    }
  });

  it("tells why a photo that is wanted there cannot go there", () => {
    const document = settled(photo());
    const small = service({ uploadLimits: { image: 999, video: 1_000_000_000 } });
    expect(wishesFor(document, small)).toMatchObject({ wishes: [], held: [expect.stringContaining("999")] });
    const gifs = service({ uploadTypes: new Set(["image/gif"]) });
    expect(wishesFor(document, gifs)).toMatchObject({
      wishes: [],
      held: [expect.stringContaining("image/jpeg")],
    });
  });

  it("narrows what a service shows to too many, also before it is resolved and where it cannot be read", () => {
    for (const visibility of ["public", "friends", "unknown"] as const) {
      const document = photo({ service: "flickr", id: "1", visibility });
      expect(document.processing_state).toBe("discovered");
      expect(wishesFor(document, service()).wishes).toMatchObject([
        { kind: "set-visibility", id: "1", change: { kind: "narrow", from: visibility, to: "private" } },
      ]);
    }
  });

  it("tells of a level that is too wide and cannot be set, and is silent where none can be read", () => {
    const view = service({ settableVisibilities: [] });
    const shown = photo({ service: "flickr", id: "1", visibility: "public" });
    expect(wishesFor(shown, view)).toMatchObject({ wishes: [], held: [expect.stringContaining("public")] });
    const unread = photo({ service: "flickr", id: "1", visibility: "unknown" });
    expect(wishesFor(unread, view)).toEqual({ wishes: [], held: [] });
  });

  it("widens last, and only as far as an approval for this service goes", () => {
    const seen = settled(
      photo({ service: "flickr", id: "1", visibility: "private", facts: { title: "Other" } }),
    );
    const wanted = { ...seen, visibility: { ...seen.visibility, canonical: "public" as const } };
    expect(wishesFor(wanted, service())).toMatchObject({
      held: [expect.stringContaining("nobody approved")],
    });
    const short = { ...wanted, approvals: [approval("friends")] };
    expect(wishesFor(short, service()).held).toHaveLength(1);
    const elsewhere = { ...wanted, approvals: [{ ...approval("public"), service: "other" }] };
    expect(wishesFor(elsewhere, service()).held).toHaveLength(1);
    const allowed = { ...wanted, approvals: [approval("public")] };
    expect(wishesFor(allowed, service()).wishes.at(-1)).toMatchObject({
      kind: "set-visibility",
      change: { kind: "widen", from: "private", to: "public", approval: approval("public") },
    });
    const takenBack = { ...wanted, approvals: [approval("public"), approval("private")] };
    expect(wishesFor(takenBack, service()).held).toHaveLength(1);
  });

  it("never widens a level that cannot be read, whatever is approved", () => {
    const seen = settled(
      photo({
        service: "flickr",
        id: "1",
        visibility: "unknown",
        facts: { caption: "Harbour", tags: ["sea"] },
      }),
    );
    const wanted = {
      ...seen,
      visibility: { ...seen.visibility, canonical: "public" as const },
      approvals: [approval("public")],
    };
    expect(wishesFor(wanted, service()).wishes).toEqual([]);
  });

  it("corrects the fields whose settled value a service lacks or contradicts, and no other", () => {
    const document = settled(
      photo({
        service: "flickr",
        id: "1",
        visibility: "private",
        facts: { caption: " Harbour ", tags: ["boat"] },
      }),
    );
    const merged = { ...document, conflicts: [], processing_state: "resolved" as const };
    expect(wishesFor(merged, service()).wishes).toMatchObject([
      { kind: "set-metadata", id: "1", fields: { tags: document.metadata.tags } },
    ]);
    expect(wishesFor(merged, service({ fields: new Set(["caption"]) })).wishes).toEqual([]);
  });

  it("empties a text only where somebody decided that there is none", () => {
    const document = settled(
      photo({
        service: "flickr",
        id: "1",
        visibility: "private",
        facts: { title: "IMG 1", caption: "Harbour", tags: ["sea"] },
      }),
    );
    const { title: _, ...untitled } = document.metadata;
    const gone = { ...document, metadata: untitled };
    expect(wishesFor(gone, service()).wishes).toEqual([]);
    const decided = {
      ...gone,
      resolutions: [{ field: "title", by: "person" as const, rule: "none", value: null, resolved_at: T2 }],
    };
    expect(wishesFor(decided, service()).wishes).toMatchObject([
      { kind: "set-metadata", fields: { title: "" } },
    ]);
  });
});
