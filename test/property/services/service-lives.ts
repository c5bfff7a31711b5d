import { approvalFor, withApproval } from "../../../src/domain/approvals.js";
import type { InstanceFound, PhotoFound } from "../../../src/domain/finding.js";
import type { ContentHash } from "../../../src/domain/ids.js";
import { mergeFinding } from "../../../src/domain/merge.js";
import type { PhotoDocument } from "../../../src/domain/photo.js";
import { resolveDocument } from "../../../src/domain/resolve.js";
import { DEFAULT_RULES } from "../../../src/domain/rules.js";
import type { ServiceView } from "../../../src/domain/service-wishes.js";
import { isWider, VISIBILITIES, type Visibility } from "../../../src/domain/visibility.js";
import { photoIdOf } from "../../../src/infra/hash.js";
import { executeServices } from "../../../src/phases/replicate/services/execute-services.js";
import { observeServices } from "../../../src/phases/replicate/services/observe-services.js";
import { planServices } from "../../../src/phases/replicate/services/plan-services.js";
import {
  instancesByPhoto,
  withSeenInstances,
} from "../../../src/phases/replicate/services/record-services.js";
import type { ServiceStepResult } from "../../../src/phases/replicate/services/service-step.js";
import { ServiceStops } from "../../../src/phases/replicate/services/service-stop.js";
import type { ServiceInstance } from "../../../src/ports/photo-service.js";
import { fakeLibrary } from "../../fakes/fake-catalog.js";
import { Crash, FakeAccount, type Fate, fakeTarget } from "../../fakes/fake-service.js";
import { memoryJournal } from "../../fakes/memory-journal.js";
import { quietRun } from "../../fakes/replicate-world.js";
import { hashOf, reading, undoPhoto } from "../../unit/domain/photo-world.js";

export const LEVELS = VISIBILITIES;
export const SERVICE_DEEDS = ["discover", "resolve", "plan", "replicate", "replicate", "undo"] as const;
export type Deed =
  | { readonly kind: (typeof SERVICE_DEEDS)[number] }
  | { readonly kind: "approve"; readonly photo: number; readonly level: Visibility }
  /** The document is edited by hand, which approves nothing. */
  | { readonly kind: "hand-edit"; readonly photo: number; readonly level: Visibility }
  | { readonly kind: "owner-sets"; readonly photo: number; readonly level: Visibility }
  | { readonly kind: "owner-writes"; readonly photo: number; readonly title: string };

const SERVICE = "flickr";
const VIEW: ServiceView = {
  name: SERVICE,
  uploads: { kind: "all" },
  fields: new Set(["title", "caption", "tags"]),
  settableVisibilities: VISIBILITIES,
  uploadLimits: { image: 1e9, video: 1e9 },
};
const DIGITS = ["a", "b", "c"] as const;
const READINGS = new Map(DIGITS.map((digit) => [hashOf(digit), reading({ title: `Photo ${digit}` })]));
const time = (turn: number): string =>
  `2024-03-01T00:${String(Math.floor(turn / 60)).padStart(2, "0")}:${String(turn % 60).padStart(2, "0")}Z`;

function finding(service: string, hash: ContentHash, instance: InstanceFound): PhotoFound {
  const locations = service === SERVICE ? [] : [{ path: `/photos/${hash.slice(-1)}.jpg` }];
  const original = { hash, filename: "IMG.jpg", sizeBytes: 1000, locations };
  return { service, original, instances: [{ ...instance, locations }], variants: [] };
}

const noBytes = { open: async function* () {}, failure: null, isExhausted: true, nextPlace: () => {} };

/** Documents by photo id: the library between two operations. */
type Library = ReadonlyMap<string, PhotoDocument>;

/**
 * A library of two photos from a folder and an account that holds a third one from before, on which operations are lived
 * through. Every call to the service meets the next of the given fates; after those all goes well.
 */
export function livesOf(fates: readonly Fate[]) {
  const account = new FakeAccount();
  const journal = memoryJournal();
  const violations: string[] = [];
  /** The bytes of each instance, which a real discover would read. */
  const hashes = new Map<string, ContentHash>();
  let library: Library = new Map();
  let history: { readonly before: Library; readonly after: Library }[] = [];
  let turn = 0;
  let calls = 0;
  let isOwnersDeed = false;

  const approvedFor = (id: string): Visibility | undefined => {
    const hash = hashes.get(id);
    const document = [...library.values()].find((one) => one.content_hash === hash);
    return approvalFor(document?.approvals ?? [], SERVICE)?.visibility;
  };
  account.onLevel = (id, from, to) => {
    if (isOwnersDeed || (from === null ? to === "private" : !isWider(to, from))) return;
    const approved = approvedFor(id);
    if (approved !== undefined && !isWider(to, approved)) return;
    violations.push(`${id}: ${from} to ${to} while ${approved ?? "nothing"} was approved`);
  };
  const target = fakeTarget(SERVICE, account, () => fates[calls++] ?? "good");
  const targets = new Map([[SERVICE, target]]);
  const context = () => ({ now: time(turn), defaultVisibility: "private" as const });
  const runAt = () => ({ ...quietRun(), clock: { now: () => time(turn) } });

  const merged = (into: Map<string, PhotoDocument>, found: PhotoFound): void => {
    const photoId = photoIdOf(found.original.hash);
    into.set(photoId, mergeFinding(into.get(photoId) ?? null, found, READINGS, { ...context(), photoId }));
  };
  const commit = (next: Library): void => {
    history = [...history, { before: library, after: next }];
    library = next;
  };
  const learnHash = (instance: ServiceInstance): ContentHash => {
    const hash = hashes.get(instance.id) ?? instance.mark?.hash ?? hashOf("c");
    hashes.set(instance.id, hash);
    return hash;
  };

  async function discover(): Promise<void> {
    const next = new Map(library);
    for await (const page of target.scan({}, quietRun())) {
      if (page.kind !== "instances") continue;
      for (const instance of page.seen) {
        const { id, visibility, record } = instance;
        const found = {
          id,
          quality: "original" as const,
          visibility,
          locations: [],
          record,
          isCurrent: true,
        };
        // A new document of a photo that only the service holds needs a place; a real one is the service itself.
        const about = finding(SERVICE, learnHash(instance), found);
        const locations = [{ path: `${SERVICE}:${id}` }];
        merged(next, { ...about, original: { ...about.original, locations } });
      }
    }
    commit(next);
  }

  function resolve(): void {
    const options = { enabledRules: DEFAULT_RULES, now: time(turn) };
    commit(new Map([...library].map(([id, document]) => [id, resolveDocument(document, options).document])));
  }

  async function planNow() {
    const fake = fakeLibrary([...library.values()]);
    const deps = {
      catalog: fake.catalog(),
      documents: fake.documents,
      services: [VIEW],
      targets: new Set([SERVICE]),
      anew: new Set<string>(),
      journal,
    };
    return planServices(await observeServices(deps, runAt()));
  }

  async function replicate(): Promise<void> {
    const steps = await planNow();
    const stops = new ServiceStops();
    const deps = { targets, stops, journal, originalOf: () => noBytes, sleep: async () => {} };
    const results: ServiceStepResult[] = [];
    for await (const result of executeServices(steps, deps, runAt())) results.push(result);
    results.push(...stops.results());
    const next = new Map(library);
    for (const [id, seen] of instancesByPhoto(steps, results)) {
      const document = next.get(id);
      if (document === undefined) continue;
      for (const { instance } of seen) hashes.set(instance.id, document.content_hash);
      next.set(id, withSeenInstances(document, seen, targets, time(turn)));
    }
    commit(next);
    for (const { step, action, photo_id } of steps.map((one) => ({ ...one, step: one.id }))) {
      const isRecorded = results.some((one) => one.step === step && one.instance !== undefined);
      if (action === "upload" && isRecorded) await journal.settle(SERVICE, [photo_id]);
    }
  }

  function undo(): void {
    const last = history.at(-1);
    if (last === undefined) return;
    const next = new Map(library);
    for (const id of new Set([...last.before.keys(), ...last.after.keys()])) {
      const before = last.before.get(id) ?? null;
      const after = last.after.get(id) ?? null;
      const undone = undoPhoto({ before, after, current: library.get(id) ?? null });
      if (undone.kind === "document") next.set(id, undone.document);
      if (undone.kind === "removed") next.delete(id);
    }
    commit(next);
  }

  function asOwner(act: () => void): void {
    isOwnersDeed = true;
    act();
    isOwnersDeed = false;
  }

  asOwner(() => void hashes.set(account.add("public", { title: "Mine" }, null).id, hashOf("c")));
  const begin = new Map<string, PhotoDocument>();
  for (const digit of ["a", "b"]) {
    const instance = {
      id: digit,
      quality: "original",
      visibility: "private",
      locations: [],
      record: null,
    } as const;
    merged(begin, finding("folder", hashOf(digit), instance));
  }
  library = begin;

  return {
    violations,
    calls: () => calls,
    hasTroublesLeft: () => calls < fates.length,
    /** Uploads of one photo that stand on the service more than once. */
    duplicates: (): readonly string[] => {
      const marks = [...account.photos.values()].flatMap(({ mark }) => (mark === null ? [] : [mark.photoId]));
      return marks.filter((mark, index) => marks.indexOf(mark) !== index);
    },
    /** Photos that the service shows to more people than the library says. */
    tooVisible: (): readonly string[] =>
      [...library.values()].flatMap(({ photo_id, content_hash, visibility }) =>
        [...account.photos.values()]
          .filter(({ id, level }) => hashes.get(id) === content_hash && isWider(level, visibility.canonical))
          .map(() => photo_id),
      ),
    /** Lives through one operation; a crash ends it and leaves the library as it was. */
    async live(deed: Deed): Promise<void> {
      turn += 1;
      try {
        await act(deed);
      } catch (error) {
        if (!(error instanceof Crash) && !isRefusal(error)) throw error;
      }
    },
  };

  async function act(deed: Deed): Promise<void> {
    switch (deed.kind) {
      case "discover":
        return discover();
      case "resolve":
        return resolve();
      case "plan":
        return void (await planNow());
      case "replicate":
        return replicate();
      case "undo":
        return undo();
      case "approve": {
        const document = [...library.values()][deed.photo];
        if (document === undefined) return;
        const decision = { approved_by: "Ann", approved_at: time(turn), reason: "because" };
        commit(new Map(library).set(document.photo_id, withApproval(document, deed.level, decision)));
        return;
      }
      case "hand-edit": {
        const document = [...library.values()][deed.photo];
        if (document === undefined) return;
        const visibility = { ...document.visibility, canonical: deed.level };
        commit(new Map(library).set(document.photo_id, { ...document, visibility }));
        return;
      }
      case "owner-sets":
      case "owner-writes": {
        const held = [...account.photos.values()][deed.photo];
        if (held === undefined) return;
        asOwner(() => {
          if (deed.kind === "owner-sets") account.setLevel(held, deed.level);
          else account.setFacts(held, { ...held.facts, title: deed.title });
        });
      }
    }
  }
}

const isRefusal = (error: unknown): boolean =>
  error instanceof Error && "kind" in error && error.kind === "transient";

/** What a person does who simply runs everything again: as long as the service has troubles, and three times more. */
export async function converge(life: ReturnType<typeof livesOf>): Promise<void> {
  for (let goodRounds = 0; goodRounds < 3; ) {
    if (!life.hasTroublesLeft()) goodRounds += 1;
    for (const kind of ["discover", "resolve", "replicate"] as const) await life.live({ kind });
  }
}
