import { describe, expect, test } from "vitest";
import { withApproval } from "../../../../src/domain/approvals.js";
import { joinedSpeaker } from "../../../../src/domain/discrepancy.js";
import { keptApart } from "../../../../src/domain/joining/apart.js";
import { identityConflict, withIdentityConflicts } from "../../../../src/domain/joining/ask.js";
import { joinPhoto, mayJoin } from "../../../../src/domain/joining/join.js";
import { splitVariant } from "../../../../src/domain/joining/split.js";
import { mergeFinding } from "../../../../src/domain/merge.js";
import type { Joined, PhotoDocument } from "../../../../src/domain/photo.js";
import { resolveDocument } from "../../../../src/domain/resolve.js";
import { DEFAULT_RULES } from "../../../../src/domain/rules.js";
import { settle } from "../../../../src/domain/settle.js";
import { idOf } from "../../../property/domain/joining-world.js";
import {
  contextAt,
  editedByHand,
  found,
  hashOf,
  readingsOf,
  type Sighting,
  T0,
  T1,
  T2,
  variantFound,
} from "../photo-world.js";

const readings = readingsOf(["a", {}], ["b", {}], ["c", {}], ["d", {}]);
const photo = (digit: string, sighting: Sighting = {}): PhotoDocument =>
  mergeFinding(null, found({ digit, id: `of ${digit}`, ...sighting }), readings, {
    ...contextAt(T0),
    photoId: idOf(hashOf(digit)),
  });
const how = (by: Joined["by"]) => ({ role: "lower-quality" as const, by, reasons: ["they look the same"] });
const joined = (host: PhotoDocument, lone: PhotoDocument, by: Joined["by"] = "person") =>
  joinPhoto(host, lone, how(by), T2) ?? expect.unreachable("was kept apart");
const captioned = (document: PhotoDocument, caption: string) =>
  settle(document, "caption", { kind: "value", value: caption }, T1);
const decision = { approved_by: "me", approved_at: T1, reason: "mine" };
const host = photo("a", { visibility: "public" });
const lone = photo("b", { service: "flickr", visibility: "public" });

describe("a joined photo", () => {
  test("is a variant that tells why, and brings its own variants", () => {
    const clip = variantFound("motion", { digit: "c", id: "of c" });
    const both = joined(host, photo("b", { variants: [clip] }), "rule");
    expect(both.variants).toMatchObject([
      {
        content_hash: hashOf("b"),
        role: "lower-quality",
        joined: { by: "rule", at: T2, reasons: ["they look the same"], with: [hashOf("c")] },
      },
      { content_hash: hashOf("c"), role: "motion" },
    ]);
    expect(both.processing_state).toBe("discovered");
  });

  test("gives what its owner settled to a photo that has no decision of theirs", () => {
    const both = joined(host, captioned(lone, "Mine"));
    expect(both.metadata.caption).toBe("Mine");
    expect(both.resolutions).toMatchObject([
      { field: "caption", by: "person", rule: `settled on photo ${lone.photo_id}`, value: "Mine" },
    ]);
    const { host: left, apart } =
      splitVariant(both, lone.content_hash, lone.photo_id, T2) ?? expect.unreachable("nothing to split");
    expect([left.metadata.caption, left.resolutions]).toEqual([undefined, []]);
    expect(apart.metadata.caption).toBe("Mine");
    expect(apart.resolutions).toMatchObject([{ rule: "own value", value: "Mine" }]);
  });

  test("takes nothing from a photo of its bytes that another machine kept, when it is split off", () => {
    const both = joined(host, lone, "rule");
    const standing = captioned(lone, "Mine");
    const { apart } =
      splitVariant(both, lone.content_hash, lone.photo_id, T2, standing) ?? expect.unreachable("not split");
    expect(apart).toMatchObject({ photo_id: lone.photo_id, metadata: { caption: "Mine" } });
    expect(apart.resolutions).toEqual(standing.resolutions);
    expect(apart.instances).toEqual(lone.instances);
    expect(apart.variants).toBeUndefined();
  });

  test.each([{ trashed: true }, { ownership: "other" as const }])(
    "is uploaded nowhere after it was split off either, marked %j by hand",
    (mark) => {
      const both = joined(host, { ...lone, ...mark });
      const split = splitVariant(both, lone.content_hash, lone.photo_id, T2);
      expect([both, split?.apart]).toMatchObject([mark, mark]);
    },
  );

  test("leaves the question which of two decisions stands, until a person says", () => {
    const both = joined(captioned(host, "Ours"), captioned(lone, "Theirs"));
    const resolved = resolveDocument(both, { enabledRules: DEFAULT_RULES, services: [], now: T2 }).document;
    for (const document of [both, resolved]) {
      expect(document.metadata.caption).toBe("Ours");
      expect(document.conflicts).toMatchObject([
        { field: "caption", values: { canonical: "Ours", [joinedSpeaker(lone.photo_id)]: "Theirs" } },
      ]);
    }
    const speaker = { kind: "service", service: joinedSpeaker(lone.photo_id) } as const;
    const answered = settle(resolved, "caption", speaker, T2);
    expect([answered.metadata.caption, answered.conflicts]).toEqual(["Theirs", []]);
  });

  test("is approved for no more than either was", () => {
    const open = withApproval(host, "public", decision);
    const both = joined(open, withApproval(lone, "friends", decision));
    expect(both.visibility.canonical).toBe("friends");
    expect(both.approvals).toMatchObject([{ visibility: "friends" }]);
    expect(joined(open, lone).approvals).toBeUndefined();
    expect(joined(open, withApproval(lone, "public", decision)).approvals).toEqual(open.approvals);
  });

  test("whose bytes the better one holds already adds its copies to them", () => {
    const variants = [variantFound("edited", { digit: "b", id: "of b" })];
    const both = joined(photo("a", { variants }), lone, "rule");
    expect(both.variants).toHaveLength(1);
    expect(Object.keys(both.variants?.[0]?.instances ?? {}).sort()).toEqual(["flickr", "google-photos"]);
    expect(both.variants?.[0]).toMatchObject({ role: "edited" });
  });

  test("is asked no more whether it is the better one, and its other questions go on", () => {
    const third = photo("d");
    const questions = [host, third].map(({ photo_id, content_hash, metadata: { filename } }) =>
      identityConflict(
        { role: "lower-quality", reasons: [] },
        { photo_id, hash: content_hash, filename, services: [] },
      ),
    );
    const asked = withIdentityConflicts(lone, questions, T1);
    expect(joined(host, asked).conflicts.map(({ field }) => field)).toEqual([
      `identity:${third.content_hash}`,
    ]);
  });
});

describe("whether a photo may join another one", () => {
  const others: Readonly<Record<string, readonly [PhotoDocument, PhotoDocument, "yes" | "ask" | "never"]>> = {
    "yes where sources and rules alone made it": [captioned(host, "Ours"), lone, "yes"],
    "asked where its owner settled something": [host, captioned(lone, "Mine"), "ask"],
    "asked where its owner edited something": [host, editedByHand(lone, { tags: ["mine"] }), "ask"],
    "asked where it was approved": [host, withApproval(lone, "public", decision), "ask"],
    "asked where an approval of the better one would end": [
      withApproval(host, "public", decision),
      lone,
      "ask",
    ],
    "asked where it is somebody else's": [host, { ...lone, ownership: "other" as const }, "ask"],
    "yes where both are somebody else's": [
      photo("a", { facts: { ownership: "other" } }),
      photo("b", { facts: { ownership: "other" } }),
      "yes",
    ],
    "never where a person said that they differ": [keptApart(host, lone.content_hash, T1), lone, "never"],
    "never where that is on record with the other one": [
      host,
      keptApart(lone, host.content_hash, T1),
      "never",
    ],
    "never where they are one document": [host, host, "never"],
    "asked where a person kept it apart from a variant": [
      photo("a", { variants: [variantFound("raw", { digit: "c", id: "of c" })] }),
      keptApart(lone, hashOf("c"), T1),
      "ask",
    ],
  };
  for (const [name, [better, worse, may]] of Object.entries(others)) {
    test(name, () => {
      expect(mayJoin(better, worse)).toBe(may);
      expect(joinPhoto(better, worse, how("rule"), T2) === null).toBe(may !== "yes");
      expect(joinPhoto(better, worse, how("person"), T2) === null).toBe(may === "never");
    });
  }

  test("and is split off again only where identity joined it", () => {
    const variants = [variantFound("edited", { digit: "b", id: "of b" })];
    const shown = photo("a", { variants });
    expect(splitVariant(shown, hashOf("b"), idOf(hashOf("b")), T2)).toBeNull();
    expect(splitVariant(shown, hashOf("d"), idOf(hashOf("d")), T2)).toBeNull();
  });
});
