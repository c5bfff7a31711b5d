import { test } from "@fast-check/vitest";
import fc from "fast-check";
import { describe, expect } from "vitest";
import type { InstanceFound, PhotoFound, Readings } from "../../../src/domain/finding.js";
import { foldPhoto } from "../../../src/domain/fold.js";
import { isPhotoId, type PhotoId } from "../../../src/domain/ids.js";
import { mergeFinding } from "../../../src/domain/merge.js";
import { type Instance, ORIGINAL_SOURCE, type PhotoDocument } from "../../../src/domain/photo.js";
import { resolveDocument } from "../../../src/domain/resolve.js";
import { DEFAULT_RULES } from "../../../src/domain/rules.js";
import { levelsSeenOn } from "../../../src/domain/seen-visibility.js";
import { VISIBILITY_FIELD } from "../../../src/domain/settling/further-questions.js";
import { learnedRuleName } from "../../../src/domain/settling/value-rules.js";
import { isWider } from "../../../src/domain/visibility.js";
import { contextAt, editedByHand, hashOf, T0, T1, T2 } from "../../unit/domain/photo-world.js";
import { essence } from "./essence.js";
import { readings, reorderedServices, sightings } from "./library-world.js";

const enabledRules = fc.subarray([
  ...DEFAULT_RULES,
  learnedRuleName("flickr", "caption"),
  "prefer:folder:tags",
]);

const mergedAll = (findings: readonly PhotoFound[], known: Readings): PhotoDocument =>
  findings.reduce<PhotoDocument | null>(
    (document, finding) => mergeFinding(document, finding, known, contextAt(document === null ? T0 : T1)),
    null,
  ) ?? expect.unreachable("no finding");

/** The questions of a document, the one about its visibility without the level that it names: the document's own, which is compared apart. */
const questionsOf = ({ conflicts, visibility: { canonical } }: PhotoDocument) =>
  conflicts?.map((question) => {
    if (question.field !== VISIBILITY_FIELD) return question;
    const description = question.description.replace(new RegExp(`\\b${canonical}$`), "<canonical>");
    expect(description).toMatch(/<canonical>$/);
    return { ...question, description };
  });

/** The outcome of both phases as far as no order may show in it. */
const settled = (document: PhotoDocument, rules: readonly string[]) => {
  const resolved = resolveDocument(document, { enabledRules: rules, now: T2 }).document;
  const { processing_state, visibility } = resolved;
  return {
    ...essence(resolved),
    processing_state,
    canonical: visibility.canonical,
    asked: questionsOf(resolved),
  };
};

/**
 * Spellings of one value left out: a rule's choice among them is put on record only where the most trusted one gives way, and
 * stays there when a later finding makes that very spelling the most trusted one.
 */
const withoutSpellings = (outcome: ReturnType<typeof settled>) => ({
  ...outcome,
  discrepancies: outcome.discrepancies.filter(({ relation }) => relation !== "alike"),
});

/**
 * True where each copy is shown at one level throughout. The level that makes a photo's document narrows it at once, a later
 * one when it is resolved: one that is gone again before that counts only where it came first.
 */
function isSteady(findings: readonly PhotoFound[]): boolean {
  const levels = new Map<string, string>();
  const sightings = findings.flatMap(({ service, original, instances, variants }) =>
    [{ file: original, instances }, ...variants].flatMap((held) =>
      held.instances.map((one) => ({ at: `${service} ${held.file.hash} ${one.id}`, level: one.visibility })),
    ),
  );
  return sightings.every(({ at, level }) => {
    const before = levels.get(at) ?? level;
    levels.set(at, level);
    return before === level;
  });
}

const eachInstance = (instances: PhotoDocument["instances"], service: string) => {
  const first: Instance | undefined = instances[service];
  return first === undefined ? [] : [first, ...(first.copies ?? [])];
};

/** Fails unless all that a finding says is found in the document. */
function expectHeld(document: PhotoDocument, finding: PhotoFound, known: Readings): void {
  const files = [{ file: finding.original, instances: finding.instances }, ...finding.variants];
  for (const { file, instances } of files) {
    const holder =
      [document, ...(document.variants ?? [])].find((one) => one.content_hash === file.hash) ??
      expect.unreachable(`${file.filename} is gone`);
    const said = document.sources[ORIGINAL_SOURCE]?.find(({ id }) => id === file.hash);
    expect(said).toMatchObject({ facts: known.get(file.hash)?.facts, raw: known.get(file.hash)?.raw });
    const held = eachInstance(holder.instances, finding.service);
    for (const { id, locations, record } of instances) {
      const copy = held.find((one) => one.id === id) ?? expect.unreachable(`${id} is gone`);
      expect(copy.locations).toEqual(expect.arrayContaining([...locations]));
      if (record === null) continue;
      const words = document.sources[finding.service]?.filter((one) => one.id === id) ?? [];
      expect(words.map(({ raw }) => raw["words"])).toContain(record.raw["words"]);
    }
    if (instances.length === 0)
      expect(held.flatMap((one) => one.locations ?? [])).toEqual(expect.arrayContaining([...file.locations]));
  }
}

const LONE_IDS: readonly PhotoId[] = [
  "0d3c7a52-7f0f-5c54-9d51-1f5f2a0c9f11",
  "5f0b9a43-7d4e-5f8a-8a3e-0c3f2d1e7b22",
].filter(isPhotoId);

/** A finding of one file alone, told of the bytes `digit`, with ids of its own. */
function loneFinding(finding: PhotoFound, digit: string): PhotoFound {
  const renamed = (one: InstanceFound): InstanceFound => {
    const id = `${digit}-${one.id}`;
    return { ...one, id, record: one.record && { ...one.record, id } };
  };
  const original = { ...finding.original, hash: hashOf(digit), filename: `${digit}.jpg` };
  return { ...finding, original, instances: finding.instances.map(renamed), variants: [] };
}

describe("merging", () => {
  test.prop([sightings, readings])("any of the findings again comes to rest at once", (findings, known) => {
    const document = mergedAll(findings, known);
    for (const finding of findings) {
      const once = mergeFinding(document, finding, known, contextAt(T1));
      expect(mergeFinding(once, finding, known, contextAt(T2))).toBe(once);
    }
  });

  test.prop([reorderedServices, readings, enabledRules])(
    "gives the same whatever service is read first, after resolving as well",
    ({ findings, reordered }, known, rules) => {
      const [one, other] = [mergedAll(findings, known), mergedAll(reordered, known)];
      expect(essence(other)).toEqual(essence(one));
      const [first, second] = [settled(one, rules), settled(other, rules)];
      expect({ ...second, canonical: first.canonical }).toEqual(first);
      if (isSteady(findings)) expect(second.canonical).toBe(first.canonical);
    },
  );

  test.prop([sightings, readings, enabledRules, fc.array(fc.boolean(), { minLength: 5, maxLength: 5 })])(
    "gives the same in one run as in many with resolving between them",
    (findings, known, rules, breaks) => {
      const inMany = findings.reduce<PhotoDocument | null>((document, finding, at) => {
        const next = mergeFinding(document, finding, known, contextAt(document === null ? T0 : T1));
        return breaks[at] === true ? resolveDocument(next, { enabledRules: rules, now: T1 }).document : next;
      }, null);
      const one = withoutSpellings(settled(mergedAll(findings, known), rules));
      const many = withoutSpellings(settled(inMany ?? expect.unreachable("no finding"), rules));
      // A level that was seen for certain between two runs has narrowed the photo for good.
      expect(isWider(many.canonical, one.canonical)).toBe(false);
      expect({ ...many, canonical: one.canonical }).toEqual(one);
    },
  );

  test.prop([sightings, readings])(
    "of many instances at once is merging them one after another",
    (findings, known) => {
      const apart = findings.flatMap((finding) => [
        ...finding.instances.map((one) => ({ ...finding, instances: [one], variants: [] })),
        { ...finding, instances: finding.instances.slice(-1) },
      ]);
      expect(essence(mergedAll(apart, known))).toEqual(essence(mergedAll(findings, known)));
    },
  );

  test.prop([sightings, readings, fc.array(fc.nat(3), { minLength: 5, maxLength: 5 }), enabledRules])(
    "keeps everything that was said or seen, whatever happens between",
    (findings, known, acts, rules) => {
      let document: PhotoDocument | null = null;
      for (const [at, finding] of findings.entries()) {
        document = mergeFinding(document, finding, known, contextAt(T1));
        if (acts[at] === 1) document = resolveDocument(document, { enabledRules: rules, now: T1 }).document;
        if (acts[at] === 2) document = editedByHand(document, { caption: "mine", tags: ["mine"] });
        for (const each of findings.slice(0, at + 1)) expectHeld(document, each, known);
      }
    },
  );

  test.prop([reorderedServices, readings, enabledRules])(
    "in any order never widens, and ends no wider than any level last seen for certain",
    ({ reordered }, known, rules) => {
      let before: PhotoDocument | null = null;
      for (const finding of reordered) {
        const merged: PhotoDocument = mergeFinding(before, finding, known, contextAt(T1));
        const { document } = resolveDocument(merged, { enabledRules: rules, now: T1 });
        if (before !== null)
          expect(isWider(merged.visibility.canonical, before.visibility.canonical)).toBe(false);
        for (const service of Object.keys(document.visibility.per_service)) {
          for (const level of levelsSeenOn(document, service))
            if (level !== "unknown") expect(isWider(document.visibility.canonical, level)).toBe(false);
        }
        before = document;
      }
    },
  );
});

describe("photos that turn out to be one", () => {
  test.prop([sightings, readings])("can be joined in any order", (findings, known) => {
    const [first] = findings;
    if (first === undefined) return;
    const host = mergedAll([{ ...first, variants: [] }], known);
    const lones = ["b", "d"].map((digit, at) =>
      mergeFinding(null, loneFinding(findings[at + 1] ?? first, digit), known, {
        ...contextAt(T1),
        photoId: LONE_IDS[at] ?? expect.unreachable("no id"),
      }),
    );
    const joined = (order: readonly PhotoDocument[]) =>
      order.reduce(
        (document, lone) => foldPhoto(document, lone, "edited", T2) ?? expect.unreachable("kept apart"),
        host,
      );
    const [one, other] = [joined(lones), joined(lones.toReversed())];
    expect(essence(other)).toEqual(essence(one));
    expect(other.visibility.canonical).toBe(one.visibility.canonical);
  });

  test.prop([sightings, readings, enabledRules])(
    "are as if they had been found as one",
    (findings, known, rules) => {
      const [first, second = first] = findings;
      if (first === undefined || second === undefined) return;
      const lone = loneFinding({ ...second, service: first.service }, "b");
      const host = mergedAll([{ ...first, variants: [] }], known);
      const alone = mergeFinding(null, lone, known, {
        ...contextAt(T1),
        photoId: LONE_IDS[0] ?? expect.unreachable("no id"),
      });
      const joined = foldPhoto(host, alone, "edited", T2) ?? expect.unreachable("kept apart");
      const variant = { role: "edited" as const, file: lone.original, instances: lone.instances };
      const together = mergedAll([{ ...first, variants: [variant] }], known);
      expect(settled(joined, rules)).toEqual(settled(together, rules));
    },
  );
});
