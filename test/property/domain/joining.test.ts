import { test } from "@fast-check/vitest";
import fc from "fast-check";
import { describe, expect } from "vitest";
import { isPhotoDocument } from "../../../src/control/records.js";
import { approvalFor, EVERY_SERVICE } from "../../../src/domain/approvals.js";
import { derive } from "../../../src/domain/derive.js";
import { joinPhoto, mayJoin } from "../../../src/domain/joining/join.js";
import { ownersFields } from "../../../src/domain/joining/owners-hand.js";
import type { Joined, PhotoDocument } from "../../../src/domain/photo.js";
import { resolveDocument } from "../../../src/domain/resolve.js";
import { heldValue, nothingOf } from "../../../src/domain/ruled-fields.js";
import { DEFAULT_RULES } from "../../../src/domain/rules.js";
import type { RuledField } from "../../../src/domain/settling/value-rule.js";
import { isWider, whenAuditing } from "../../../src/domain/visibility.js";
import { T2 } from "../../unit/domain/photo-world.js";
import { essence } from "./essence.js";
import { belongings, keeps, plainPhoto, touchedPhoto } from "./joining-world.js";

const by = (who: Joined["by"]) => ({
  role: "lower-quality" as const,
  by: who,
  reasons: ["they look the same"],
});
const joined = (host: PhotoDocument, lone: PhotoDocument, who: Joined["by"] = "person") =>
  joinPhoto(host, lone, by(who), T2) ?? expect.unreachable("was kept apart");

const owned = (document: PhotoDocument, field: RuledField) => heldValue(document, field) ?? nothingOf(field);

/** What is approved at most for a service. */
const allowed = ({ approvals = [] }: PhotoDocument, service: string) =>
  approvalFor(approvals, service)?.visibility ?? "private";

/** What no order may show in, once the next resolving is done. */
function order(document: PhotoDocument) {
  const resolved = resolveDocument(document, { enabledRules: DEFAULT_RULES, now: T2 }).document;
  const { visibility, approvals, conflicts } = resolved;
  return { ...essence(resolved), canonical: visibility.canonical, approvals, conflicts };
}

describe("joining two photos", () => {
  test.prop([touchedPhoto(0), touchedPhoto(1)])("loses nothing of either", (host, lone) => {
    const both = joined(host, lone);
    expect(belongings(both)).toEqual(expect.arrayContaining([...belongings(host), ...belongings(lone)]));
    expect(belongings(both).length).toBe(new Set([...belongings(host), ...belongings(lone)]).size);
    expect(both).toMatchObject({
      photo_id: host.photo_id,
      content_hash: host.content_hash,
      blob_key: host.blob_key,
    });
    expect(isPhotoDocument(both)).toBe(true);
  });

  test.prop([touchedPhoto(0), touchedPhoto(1)])("shows neither to anybody new", (host, lone) => {
    const both = joined(host, lone);
    const resolved = resolveDocument(both, { enabledRules: DEFAULT_RULES, now: T2 }).document;
    for (const one of [host, lone]) {
      for (const after of [both, resolved]) {
        expect(isWider(after.visibility.canonical, one.visibility.canonical)).toBe(false);
        for (const service of [EVERY_SERVICE, "flickr", "folder", "google-photos", "yet-to-come"])
          expect(isWider(allowed(after, service), allowed(one, service))).toBe(false);
      }
      for (const [service, level] of Object.entries(one.visibility.per_service)) {
        const now = both.visibility.per_service[service] ?? expect.unreachable(`${service} is gone`);
        // What a service may show is never made out to be less than it is.
        expect(isWider(whenAuditing(level), whenAuditing(now))).toBe(false);
      }
    }
  });

  test.prop([touchedPhoto(0), touchedPhoto(1)])(
    "is for a person to decide exactly where a rule may not, and a rule changes no decision",
    (host, lone) => {
      const may = mayJoin(host, lone);
      const both = joinPhoto(host, lone, by("rule"), T2);
      expect(both === null).toBe(may !== "yes");
      if (both === null) return;
      expect(lone.approvals).toBeUndefined();
      expect(ownersFields(lone, derive(lone))).toEqual([]);
      expect(both.approvals).toEqual(host.approvals);
      for (const field of ownersFields(host, derive(host)))
        expect(keeps(owned(both, field), owned(host, field))).toBe(true);
    },
  );

  test.prop([touchedPhoto(0), touchedPhoto(1), fc.subarray([...DEFAULT_RULES])])(
    "drops no value that the owner settled on, after resolving twice as well",
    (host, lone, enabledRules) => {
      const resolve = (document: PhotoDocument) =>
        resolveDocument(document, { enabledRules, now: T2 }).document;
      const both = joined(host, lone);
      for (const after of [both, resolve(both), resolve(resolve(both))]) {
        for (const one of [host, lone]) {
          for (const field of ownersFields(one, derive(one))) {
            const value = owned(one, field);
            const asked = after.conflicts.find((conflict) => conflict.field === field)?.values ?? {};
            const kept = [owned(after, field), ...Object.values(asked)];
            expect(kept.some((held) => keeps(held, value))).toBe(true);
          }
        }
      }
    },
  );

  test.prop([touchedPhoto(0), touchedPhoto(1)])("twice changes nothing more", (host, lone) => {
    const once = joined(host, lone);
    const twice = joined(once, lone);
    expect(order(twice)).toEqual(order(once));
    expect(belongings(twice)).toEqual(belongings(once));
  });

  test.prop([plainPhoto(0), plainPhoto(1), plainPhoto(2)])(
    "of three gives the same in any order, one through another as well",
    (host, second, third) => {
      fc.pre([second, third].every((lone) => mayJoin(host, lone) === "yes"));
      const first = joined(joined(host, second, "rule"), third, "rule");
      expect(order(joined(joined(host, third, "rule"), second, "rule"))).toEqual(order(first));
      fc.pre(mayJoin(second, third) === "yes");
      const pair = joined(second, third, "rule");
      fc.pre(mayJoin(host, pair) === "yes");
      expect(order(joined(host, pair, "rule"))).toEqual(order(first));
    },
  );
});
