import { PhotosyncError } from "../../src/domain/errors.js";
import type { Facts, Json } from "../../src/domain/photo.js";
import type { WrittenFields } from "../../src/domain/service-fields.js";
import { isWider, VISIBILITIES, type Visibility, whenAuditing } from "../../src/domain/visibility.js";
import type {
  EditOutcome,
  Found,
  PhotoTarget,
  ServiceInstance,
  UploadMark,
} from "../../src/ports/photo-service.js";

/** Thrown where the process would die: no adapter explains it, and nothing after it happens. */
export class Crash extends Error {}

/** What befalls one call to the service. */
export type Fate =
  | "good"
  /** Refused before anything is done. */
  | "refused"
  /** Done, and the answer lost. */
  | "lost"
  /** The program dies before the call, or after it was done. */
  | "dies-before"
  | "dies-after"
  /** Reads show the state as it was one change ago. */
  | "stale";

interface Held {
  readonly id: string;
  readonly mark: UploadMark | null;
  version: number;
  level: Visibility;
  facts: Facts;
  before: ServiceInstance | null;
}

/** An account on a service: photos, who may see them, and a watcher of every change of that. */
export class FakeAccount {
  readonly photos = new Map<string, Held>();
  /** Told of each level that is set, before the answer goes out. */
  onLevel: (id: string, from: Visibility | null, to: Visibility) => void = () => {};
  #ids = 0;

  add(level: Visibility, facts: Facts, mark: UploadMark | null): Held {
    this.#ids += 1;
    const held: Held = { id: `${this.#ids}`, mark, version: 1, level, facts, before: null };
    this.photos.set(held.id, held);
    this.onLevel(held.id, null, level);
    return held;
  }

  setLevel(held: Held, level: Visibility): void {
    held.before = this.shown(held);
    held.version += 1;
    const from = held.level;
    held.level = level;
    this.onLevel(held.id, from, level);
  }

  setFacts(held: Held, facts: Facts): void {
    held.before = this.shown(held);
    held.version += 1;
    held.facts = facts;
  }

  shown(held: Held): ServiceInstance {
    const raw: Record<string, Json> = { words: JSON.stringify(held.facts) };
    return {
      id: held.id,
      version: `${held.version}`,
      bytesStamp: "1",
      filename: `${held.id}.jpg`,
      mediaKind: "image",
      visibility: held.level,
      record: { id: held.id, facts: held.facts, raw },
      obtainable: "original",
      ...(held.mark !== null && { mark: held.mark }),
    };
  }
}

const trouble = (code: string): PhotosyncError =>
  new PhotosyncError({
    kind: "transient",
    code,
    message: "The service did not answer.",
    next: ["Try again later."],
  });

const factsOf = (known: Facts, fields: WrittenFields): Facts => ({
  ...known,
  ...fields,
  ...(fields.albums !== undefined && { albums: [...(known.albums ?? []), ...fields.albums] }),
});

/** A target that does what the port promises on an account, with a fate for each call. */
export function fakeTarget(name: string, account: FakeAccount, fateOf: () => Fate): PhotoTarget {
  /** Runs one call under its fate; `act` is the effect, done at most once. */
  const under = <T>(act: (fate: Fate) => T): T => {
    const fate = fateOf();
    if (fate === "dies-before") throw new Crash();
    if (fate === "refused") throw trouble(`${name}.unavailable`);
    const done = act(fate);
    if (fate === "dies-after") throw new Crash();
    if (fate === "lost") throw trouble(`${name}.unavailable`);
    return done;
  };
  const seen = (id: string, fate: Fate): ServiceInstance | null => {
    const held = account.photos.get(id);
    if (held === undefined) return null;
    return fate === "stale" && held.before !== null ? held.before : account.shown(held);
  };
  const edited = (held: Held): EditOutcome => ({ kind: "edited", instance: account.shown(held) });
  const moved = (held: Held | undefined): EditOutcome => ({
    kind: "changed-meanwhile",
    instance: held === undefined ? null : account.shown(held),
  });
  return {
    name,
    target: true,
    traits: {
      readsVisibility: true,
      settableVisibilities: VISIBILITIES,
      editableFields: new Set(["title", "caption", "tags"]),
      keepsOriginals: true,
      seesWholeAccount: true,
      uploadLimits: { image: 1e9, video: 1e9 },
      remarks: [],
    },
    account: async () => ({ owner: "Ann", facts: [] }),
    async *scan() {
      const shown = under((fate) => [...account.photos.keys()].map((id) => seen(id, fate)));
      yield { kind: "instances", seen: shown.filter((instance) => instance !== null) };
      yield { kind: "end", isWhole: true, gone: [] };
    },
    read: async (id) => under((fate) => seen(id, fate)),
    open: async () => {
      throw new Error("no bytes here");
    },
    find: async (mark): Promise<Found> =>
      under((fate) => {
        const held = [...account.photos.values()].find((one) => one.mark?.photoId === mark.photoId);
        // The index lags: it may not know of the newest.
        if (held === undefined || fate === "stale") return { kind: "absent", isCertain: fate !== "stale" };
        return { kind: "found", instance: account.shown(held) };
      }),
    upload: async (upload) => {
      try {
        const held = under(() => account.add("private", factsOf({}, upload.fields), upload.mark));
        return { kind: "uploaded", instance: account.shown(held) };
      } catch (error) {
        if (error instanceof Crash) throw error;
        return { kind: "unknown", error };
      }
    },
    edit: async (id, expected, fields) =>
      under(() => {
        const held = account.photos.get(id);
        if (held === undefined || `${held.version}` !== expected) return moved(held);
        account.setFacts(held, factsOf(held.facts, fields));
        return edited(held);
      }),
    setVisibility: async (id, change) =>
      under(() => {
        const held = account.photos.get(id);
        if (held === undefined) return moved(held);
        if (change.from === "unknown" ? isWider(change.to, held.level) : held.level !== change.from)
          return moved(held);
        if (isWider(whenAuditing(held.level), change.to) || change.kind === "widen")
          account.setLevel(held, change.to);
        return edited(held);
      }),
  };
}
