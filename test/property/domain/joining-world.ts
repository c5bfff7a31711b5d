import { createHash } from "node:crypto";
import fc from "fast-check";
import { withApproval } from "../../../src/domain/approvals.js";
import type { InstanceFound, PhotoFound, Readings } from "../../../src/domain/finding.js";
import { type ContentHash, uuidV5 } from "../../../src/domain/ids.js";
import { mergeFinding } from "../../../src/domain/merge.js";
import type { Instance, Json, PhotoDocument } from "../../../src/domain/photo.js";
import { resolveDocument } from "../../../src/domain/resolve.js";
import { DEFAULT_RULES } from "../../../src/domain/rules.js";
import { sameJson } from "../../../src/domain/same-json.js";
import { settle } from "../../../src/domain/settle.js";
import { contextAt, editedByHand, hashOf, T0, T1 } from "../../unit/domain/photo-world.js";
import { readings, sightings } from "./library-world.js";

/** The digits of each photo's original and variants: no two photos of a world share bytes. */
const DIGITS = ["abcd", "ef12", "3456"] as const;

export const idOf = (hash: ContentHash) => uuidV5(hash, (bytes) => createHash("sha1").update(bytes).digest());

const decisions = ["captioned", "tagged by hand", "approved", "approved for few", "albums by hand"] as const;
type Act = "resolved" | "stored" | (typeof decisions)[number];

function acted(document: PhotoDocument, act: Act, nth: number): PhotoDocument {
  const decision = { approved_by: "me", approved_at: T1, reason: "mine" };
  switch (act) {
    case "resolved":
      return resolveDocument(document, { enabledRules: DEFAULT_RULES, now: T1 }).document;
    case "stored":
      return withReplicas(document);
    case "captioned":
      return settle(document, "caption", { kind: "value", value: `mine ${nth}` }, T1);
    case "tagged by hand":
      return editedByHand(document, { tags: ["mine", `of ${nth}`] });
    case "albums by hand":
      return { ...document, albums: ["Mine", `of ${nth}`] };
    case "approved":
      return withApproval(document, "public", decision);
    case "approved for few":
      return withApproval(document, "friends", decision);
  }
}

function withReplicas(document: PhotoDocument): PhotoDocument {
  const variants = (document.variants ?? []).map((one) => ({
    ...one,
    replicas: { local: { key: one.blob_key, verified_at: T1 } },
  }));
  return {
    ...document,
    replicas: { local: { key: document.blob_key, verified_at: T1 } },
    ...(variants.length > 0 && { variants }),
  };
}

function photo(
  nth: 0 | 1 | 2,
  acts: readonly Act[],
  isOwn: fc.Arbitrary<boolean>,
): fc.Arbitrary<PhotoDocument> {
  const hash = (of: string): ContentHash => {
    const at = [..."abcd"].findIndex((digit) => hashOf(digit) === of);
    return hashOf(DIGITS[nth].charAt(at));
  };
  const renamed = (finding: PhotoFound, own: boolean): PhotoFound => {
    const instance = (one: InstanceFound): InstanceFound => {
      const id = own ? `${nth}-${one.id}` : one.id;
      return { ...one, id, record: one.record && { ...one.record, id } };
    };
    const { original, instances, variants } = finding;
    return {
      ...finding,
      original: { ...original, hash: hash(original.hash), filename: `${nth}.jpg` },
      instances: instances.map(instance),
      variants: variants.map((one) => ({
        ...one,
        file: { ...one.file, hash: hash(one.file.hash) },
        instances: one.instances.map(instance),
      })),
    };
  };
  return fc
    .record({
      findings: sightings,
      known: readings,
      done: fc.array(fc.constantFrom(...acts), { maxLength: 3 }),
      own: isOwn,
    })
    .map(({ findings, known, done, own }) => {
      const read: Readings = new Map([...known].map(([of, said]) => [hash(of), said]));
      const photoId = idOf(hashOf(DIGITS[nth].charAt(0)));
      const document = findings.reduce<PhotoDocument | null>(
        (held, finding) =>
          mergeFinding(held, renamed(finding, own), read, { ...contextAt(held === null ? T0 : T1), photoId }),
        null,
      );
      if (document === null) throw new RangeError("no finding");
      return done.reduce((held, act) => acted(held, act, nth), document);
    });
}

/** A photo that sources and rules alone made what it is, with variants, copies and replicas. */
export const plainPhoto = (nth: 0 | 1 | 2) => photo(nth, ["resolved", "stored"], fc.constant(true));
/**
 * The same, and its owner may have decided or edited something. Now and then two photos are told of under one id: a
 * service has had other bytes under it.
 */
export const touchedPhoto = (nth: 0 | 1 | 2) =>
  photo(nth, ["resolved", "stored", ...decisions], fc.boolean());

/** True where a value is still what the owner made it; names that others gave may have come into a list. */
export const keeps = (held: Json, value: Json): boolean =>
  Array.isArray(held) && Array.isArray(value)
    ? value.every((name) => held.includes(name))
    : sameJson(held, value);

const copiesOf = (instances: Readonly<Record<string, Instance>>) =>
  Object.entries(instances).flatMap(([service, instance]) =>
    [instance, ...(instance.copies ?? [])].map(({ id, locations = [] }) => ({ service, id, locations })),
  );

/** Everything that must never be lost, as texts: bytes, their copies with places, replicas, and every record's words. */
export function belongings(document: PhotoDocument): readonly string[] {
  const holders = [document, ...(document.variants ?? [])];
  const bytes = holders.flatMap(({ content_hash, media, instances, replicas }) => [
    `${content_hash} of ${media.bytes}`,
    ...Object.entries(replicas).map(([store, { key }]) => `${content_hash} in ${store} at ${key}`),
    ...copiesOf(instances).flatMap(({ service, id, locations }) => [
      `${content_hash} is ${service} ${id}`,
      ...locations.map((place) => `${content_hash} is ${service} ${id} at ${JSON.stringify(place)}`),
    ]),
  ]);
  const words = Object.entries(document.sources).flatMap(([source, records]) =>
    records.map(({ id, raw: { imageViews: _, ...raw } }) => `${source} ${id} ${JSON.stringify(raw)}`),
  );
  return [...new Set([...bytes, ...words])].sort();
}
