import { createHash } from "node:crypto";
import type { Visibility } from "../../../src/domain/visibility.js";
import { serviceFetch } from "../../../src/infra/http/service-fetch.js";
import { systemTime } from "../../../src/infra/http/time.js";
import type { Policy } from "../../../src/ports/policy.js";
import { FlickrPhotos } from "../../../src/services/flickr/flickr-service.js";
import { visibilityOf } from "../../../src/services/flickr/photo-words.js";
import type { HttpOptions } from "../../emulators/flickr/http/options.js";
import type { FlickrOptions } from "../../emulators/flickr/machine/options.js";
import { addPhoto, addSet } from "../../emulators/flickr/machine/seeding.js";
import type { Account, Perms } from "../../emulators/flickr/machine/state.js";
import { signIn } from "../../emulators/flickr/signed-in.js";
import { type FlickrEmulator, startFlickrEmulator } from "../../emulators/flickr/start.js";
import { plainPolicy } from "../../fakes/plain-policy.js";
import type { HeldPhoto, OpenedService, SeededPhoto } from "../photo-service-opened.js";

export const OWNER = "11111111@N01";

export interface FlickrSettings {
  readonly options?: Partial<FlickrOptions & HttpOptions>;
  readonly account?: Partial<Account>;
  readonly perms?: Perms;
  readonly policy?: Policy;
  readonly marks?: boolean;
  /** In place of the real one. */
  readonly fetch?: typeof fetch;
}

const FLAGS: Readonly<Record<Visibility, { isPublic: boolean; isFriend: boolean; isFamily: boolean }>> = {
  private: { isPublic: false, isFriend: false, isFamily: false },
  friends: { isPublic: false, isFriend: true, isFamily: true },
  public: { isPublic: true, isFriend: false, isFamily: false },
};

export interface OpenedFlickr extends OpenedService {
  readonly service: FlickrPhotos;
  readonly emulator: FlickrEmulator;
  /** The API's methods in the order of calls, `upload` and `static` among them. */
  calls(): readonly string[];
  forgetCalls(): void;
  advance(seconds: number): void;
  /** Epoch milliseconds of the emulator's clock, which the adapter shares. */
  nowMs(): number;
}

/** A signed-in account on a Flickr of its own, whose clock the test moves. */
export async function openFlickr(settings: FlickrSettings = {}): Promise<OpenedFlickr> {
  let now = Date.parse("2026-11-21T12:00:00Z");
  const clock = { now: () => new Date(now).toISOString(), sleep: async () => {} };
  const emulator = await startFlickrEmulator({
    clock,
    options: { timestampToleranceSeconds: null, retryAfter: 7, ...settings.options },
  });
  const { app, token } = signIn(emulator, { nsid: OWNER, ...settings.account }, settings.perms);
  const service = new FlickrPhotos({
    account: "flickr",
    signIn: async () => ({ key: app.key, secret: app.secret, token: token.token, tokenSecret: token.secret }),
    endpoints: { rest: emulator.endpoints.rest, upload: `${emulator.endpoints.upload}/` },
    fetch: serviceFetch({
      ...{ account: "flickr", userAgent: "photosync/test", time: systemTime },
      ...(settings.fetch === undefined ? {} : { fetch: settings.fetch }),
    }),
    policy: settings.policy ?? plainPolicy,
    nowMs: () => now,
    ...(settings.marks === undefined ? {} : { marks: settings.marks }),
  });
  const { machine } = emulator;
  let forgotten = 0;

  async function seed(photo: SeededPhoto): Promise<string> {
    const digest =
      photo.bytes === undefined ? undefined : createHash("sha256").update(photo.bytes).digest("hex");
    if (photo.bytes !== undefined && digest !== undefined) emulator.files.put(digest, photo.bytes);
    const { id } = addPhoto(machine, {
      owner: OWNER,
      ...FLAGS[photo.visibility ?? "private"],
      ...(photo.title !== undefined && { title: photo.title }),
      ...(photo.caption !== undefined && { description: photo.caption }),
      ...(photo.tags !== undefined && { tags: photo.tags }),
      ...(photo.takenDate !== undefined && { taken: photo.takenDate.replace("T", " ") }),
      ...(digest !== undefined && { file: digest, sentDigest: digest }),
    });
    for (const title of photo.albums ?? []) {
      const known = [...emulator.state.sets.values()].find((set) => set.title === title);
      if (known === undefined) addSet(machine, { owner: OWNER, title, photoIds: [id] });
      else emulator.state.sets.set(known.id, { ...known, photoIds: [...known.photoIds, id] });
    }
    return id;
  }

  const albumsOf = (id: string) =>
    [...emulator.state.sets.values()].filter((set) => set.photoIds.includes(id)).map(({ title }) => title);

  return {
    service,
    emulator,
    seed,
    change: async (id, { title, visibility }) => {
      machine.put({
        ...machine.photo(id),
        ...(title !== undefined && { title }),
        ...(visibility !== undefined && FLAGS[visibility]),
      });
    },
    settle: async () => {
      now += 120_000;
    },
    held: () =>
      new Map(
        [...emulator.state.photos.values()].map((photo): [string, HeldPhoto] => {
          const level = visibilityOf(photo);
          return [
            photo.id,
            {
              visibility: level === "unknown" ? null : level,
              title: photo.title,
              albums: albumsOf(photo.id),
            },
          ];
        }),
      ),
    fail: (fault, on = "reads") => {
      const endpoint = on === "upload" ? ("upload" as const) : (["rest", "static"] as const);
      const about = { endpoint, times: 1 };
      if (fault.kind === "status") emulator.faults.add({ ...about, fault });
      else if (fault.kind === "cut") emulator.faults.add({ ...about, fault: { kind: "reset" } });
      else if (fault.kind === "lost-reply") emulator.faults.add({ ...about, fault: { kind: "lost-reply" } });
      else emulator.faults.add({ ...about, fault: { kind: "throttled" } });
    },
    calls: () =>
      emulator.log.slice(forgotten).map(({ call, endpoint }) => (call ?? endpoint).replace(/^flickr\./, "")),
    forgetCalls: () => {
      forgotten = emulator.log.length;
    },
    advance: (seconds) => {
      now += seconds * 1000;
    },
    nowMs: () => now,
    close: () => emulator.close(),
  };
}
