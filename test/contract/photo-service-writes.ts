import { describe, expect, test } from "vitest";
import type { Approval } from "../../src/domain/photo.js";
import { isWider, VISIBILITIES, type Visibility } from "../../src/domain/visibility.js";
import { type VisibilityChange, visibilityChange } from "../../src/domain/visibility-change.js";
import type { PhotoTarget } from "../../src/ports/photo-service.js";
import {
  call,
  collected,
  type PhotoServiceContractOptions,
  uploadOf,
  withService,
} from "./photo-service-opened.js";

const approvalOf = (service: PhotoTarget, visibility: Visibility): Approval => ({
  service: service.name,
  visibility,
  approved_by: "Ada",
  approved_at: "2026-11-21T12:00:00Z",
  reason: "for the contract",
});

function changeOf(service: PhotoTarget, from: Visibility, to: Visibility): VisibilityChange {
  const verdict = visibilityChange(service.name, from, to, [approvalOf(service, to)]);
  return verdict.kind === "change" ? verdict.change : expect.unreachable();
}

/** What the writing half of `PhotoTarget` promises. */
export function writingContract(name: string, options: PhotoServiceContractOptions): void {
  describe(`${name} uploads`, () => {
    test(
      "so that nobody else sees it, and it is found again by its mark",
      withService(options, async ({ service, settle, held }) => {
        const bytes = await options.picture(2);
        const upload = uploadOf(bytes, { title: "Sent", caption: "One 👋 line" });
        expect(await service.find(upload.mark, undefined, call)).toMatchObject({ kind: "absent" });
        const outcome = await service.upload(upload, call);
        expect(outcome).toMatchObject({
          kind: "uploaded",
          instance: { mark: { photoId: upload.mark.photoId } },
        });
        const instance = outcome.kind === "uploaded" ? outcome.instance : expect.unreachable();
        expect(instance.visibility).toBe(service.traits.readsVisibility ? "private" : "unknown");
        expect(held().get(instance.id)?.visibility ?? "private").toBe("private");
        expect(instance.record.facts.caption).toBe("One 👋 line");
        await settle();
        const found = await service.find(upload.mark, undefined, call);
        expect(found).toMatchObject({ kind: "found", instance: { id: instance.id } });
        if (service.traits.keepsOriginals) {
          const { bytes: given } = await service.open(instance, call);
          expect((await collected(given)).equals(bytes)).toBe(true);
        }
      }),
    );

    test(
      "whose answer is lost are settled by looking, not by sending again",
      withService(options, async (opened) => {
        const upload = uploadOf(await options.picture(3));
        opened.fail({ kind: "lost-reply" }, "upload");
        expect(await opened.service.upload(upload, call)).toMatchObject({ kind: "unknown" });
        expect(opened.held().size).toBeLessThanOrEqual(1);
        await opened.settle();
        if (opened.held().size === 1) {
          const found = await opened.service.find(upload.mark, undefined, call);
          const id = [...opened.held().keys()][0];
          if (found.kind === "found") return expect(found.instance.id).toBe(id);
          // A service that has one of each bytes is settled by sending: that must add nothing.
          expect(found.isCertain).toBe(true);
          expect(await opened.service.upload(upload, call)).toMatchObject({ instance: { id } });
          expect([...opened.held().keys()]).toEqual([id]);
        }
      }),
    );

    test(
      "that fail before anything happened leave nothing",
      withService(options, async (opened) => {
        const upload = uploadOf(await options.picture(4));
        opened.fail({ kind: "too-many", retryAfterSeconds: 7 }, "upload");
        await expect(opened.service.upload(upload, call)).rejects.toMatchObject({ kind: "transient" });
        expect(opened.held().size).toBe(0);
      }),
    );
  });

  describe(`${name} edits`, () => {
    test(
      "the fields that were asked for and no others",
      withService(options, async ({ service }) => {
        const upload = uploadOf(await options.picture(5), { title: "Title", caption: "Caption" });
        const sent = await service.upload(upload, call);
        const before = sent.kind === "uploaded" ? sent.instance : expect.unreachable();
        const outcome = await service.edit(before.id, before.version, { caption: "Other" }, call);
        const after = outcome.kind === "edited" ? outcome.instance : expect.unreachable();
        expect(after.record.facts.caption).toBe("Other");
        expect(after.record.facts.title).toBe(before.record.facts.title);
        expect(after.visibility).toBe(before.visibility);
        expect(await service.read(before.id, call)).toEqual(after);
      }),
    );

    test(
      "everything that it claims to, each read back",
      withService(options, async ({ service, held }) => {
        const sent = await service.upload(uploadOf(await options.picture(6), { title: "T" }), call);
        const before = sent.kind === "uploaded" ? sent.instance : expect.unreachable();
        const all = {
          title: "Boats",
          caption: "At <b>sea</b>",
          tags: ["Two Words", "plain"],
          taken_date: "2019-05-04T10:20:30",
          location: { lat: 48.123456, lng: -11.5 },
          albums: ["Coast"],
        };
        const can = service.traits.editableFields;
        const asked = Object.fromEntries(
          Object.entries(all).filter(([field]) => [...can].some((one) => one === field)),
        );
        const outcome = await service.edit(before.id, before.version, asked, call);
        const after = outcome.kind === "edited" ? outcome.instance : expect.unreachable();
        const { tags, albums, ...others } = after.record.facts;
        const { tags: askedTags, albums: askedAlbums, ...askedOthers } = asked;
        expect(others).toMatchObject(askedOthers);
        if (askedTags !== undefined) expect([...(tags ?? [])].sort()).toEqual(["Two Words", "plain"]);
        if (askedAlbums !== undefined) expect(held().get(before.id)?.albums).toEqual(["Coast"]);
        expect(after.visibility).toBe(before.visibility);
        expect(after.mark).toEqual(before.mark);
      }),
    );

    test(
      "nothing that changed meanwhile",
      withService(options, async ({ service, seed, change, settle, held }) => {
        const id = await seed({ title: "Before" });
        const stale = (await service.read(id, call)) ?? expect.unreachable();
        await settle();
        await change(id, { title: "By hand" });
        const outcome = await service.edit(id, stale.version, { caption: "Mine" }, call);
        expect(outcome).toMatchObject({ kind: "changed-meanwhile", instance: { id } });
        expect(held().get(id)?.title).toBe("By hand");
        const gone = await service.edit("1", stale.version, { caption: "Mine" }, call);
        expect(gone).toEqual({ kind: "changed-meanwhile", instance: null });
      }),
    );
  });

  describe(`${name} shows photos`, () => {
    test(
      "to exactly those who were named, for each pair of levels that it claims",
      withService(options, async ({ service, seed, held }) => {
        for (const from of service.traits.settableVisibilities) {
          for (const to of service.traits.settableVisibilities) {
            if (from === to) continue;
            const id = await seed({ visibility: from });
            const outcome = await service.setVisibility(id, changeOf(service, from, to), call);
            expect(outcome).toMatchObject({ kind: "edited", instance: { id, visibility: to } });
            expect(held().get(id)?.visibility).toBe(to);
          }
        }
      }),
    );

    test(
      "no wider when the level is another one than the change starts from",
      withService(options, async ({ service, seed, held }) => {
        const [narrowest, widest] = [
          service.traits.settableVisibilities[0],
          service.traits.settableVisibilities.at(-1),
        ];
        if (narrowest === undefined || widest === undefined || !isWider(widest, narrowest)) return;
        const middle = service.traits.settableVisibilities.find((one) => one !== narrowest && one !== widest);
        const id = await seed({ visibility: narrowest });
        if (middle === undefined) return;
        const outcome = await service.setVisibility(id, changeOf(service, middle, widest), call);
        expect(outcome).toMatchObject({ kind: "changed-meanwhile" });
        expect(held().get(id)?.visibility).toBe(narrowest);
      }),
    );

    test(
      "at no level that it does not know",
      withService(options, async ({ service, seed }) => {
        const id = await seed({});
        for (const level of VISIBILITIES) {
          if (service.traits.settableVisibilities.includes(level) || level === "public") continue;
          await expect(
            service.setVisibility(id, changeOf(service, "public", level), call),
          ).rejects.toMatchObject({
            name: "PhotosyncError",
          });
        }
      }),
    );
  });
}
