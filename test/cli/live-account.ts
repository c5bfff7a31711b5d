import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { systemClock } from "../../src/infra/clock.js";
import { jpegFor } from "../emulators/flickr/http/pictures.js";
import { addPhoto, type ToldPhoto } from "../emulators/flickr/machine/seeding.js";
import type { Photo } from "../emulators/flickr/machine/state.js";
import { type SignedIn, signIn } from "../emulators/flickr/signed-in.js";
import { type FlickrEmulator, startFlickrEmulator } from "../emulators/flickr/start.js";
import { SCOPES } from "../emulators/google/bearer.js";
import { SAMPLE_CLIENT, SAMPLE_SECRET, seedSignIn } from "../emulators/google/seed.js";
import { type GoogleEmulator, startGoogleEmulator } from "../emulators/google/start.js";
import { tempFolder } from "./files.js";
import { Library } from "./library.js";
import { git } from "./run-program.js";

/** A Flickr of 127.0.0.1 with one signed-in account. */
export interface LiveFlickr {
  readonly emulator: FlickrEmulator;
  readonly signedIn: SignedIn;
  /** Puts a picture of its own there. */
  add(name: string, told?: Partial<ToldPhoto>): Photo;
  /** How often each method was called since the last time, and how many pictures were fetched (`bytes`). */
  calls(): Readonly<Record<string, number>>;
}

export async function liveFlickr(): Promise<LiveFlickr> {
  const emulator = await startFlickrEmulator({ clock: systemClock });
  onTestFinished(() => emulator.close());
  const signedIn = signIn(emulator);
  let told = 0;
  return {
    emulator,
    signedIn,
    add(name, more = {}) {
      emulator.files.put(name, jpegFor(name));
      return addPhoto(emulator.machine, { owner: signedIn.account.nsid, title: name, file: name, ...more });
    },
    calls() {
      const counts: Record<string, number> = {};
      for (const { endpoint, call } of emulator.log.slice(told)) {
        const name = endpoint === "static" ? "bytes" : (call ?? endpoint).replace("flickr.", "");
        counts[name] = (counts[name] ?? 0) + 1;
      }
      told = emulator.log.length;
      return counts;
    },
  };
}

/** A Google of 127.0.0.1 with one signed-in account. */
export async function liveGoogle(): Promise<{ emulator: GoogleEmulator; refreshToken: string }> {
  const emulator = await startGoogleEmulator();
  onTestFinished(() => emulator.close());
  const { grant } = seedSignIn(emulator.state, Object.values(SCOPES), emulator.nowMs());
  return { emulator, refreshToken: grant.refreshToken };
}

const QUICK = { requests_per_second: 1000, requests_per_hour: 1_000_000 };

export interface LiveSettings {
  readonly flickr?: LiveFlickr;
  readonly google?: Awaited<ReturnType<typeof liveGoogle>>;
  /** Folders of Drive; absent for no Drive. */
  readonly folders?: readonly string[];
}

/** What signs the program in, and nobody's keychain. */
const environmentFor = (home: string, { flickr, google }: LiveSettings) => ({
  HOME: home,
  PHOTOSYNC_KEYCHAIN: "off",
  ...(flickr !== undefined && {
    FLICKR_API_KEY: flickr.signedIn.app.key,
    FLICKR_API_SECRET: flickr.signedIn.app.secret,
    FLICKR_OAUTH_TOKEN: flickr.signedIn.token.token,
    FLICKR_OAUTH_TOKEN_SECRET: flickr.signedIn.token.secret,
  }),
  ...(google !== undefined && {
    GOOGLE_CLIENT_ID: SAMPLE_CLIENT,
    GOOGLE_CLIENT_SECRET: SAMPLE_SECRET,
    GOOGLE_REFRESH_TOKEN: google.refreshToken,
  }),
});

/** A library whose accounts are those of the emulators, and the environment that its commands run in. */
export async function liveLibrary(settings: LiveSettings) {
  const home = await tempFolder();
  const environment = environmentFor(home, settings);
  const library = await Library.fresh(join(home, "library"), environment);
  const path = join(library.path, "config", "services.json");
  const { flickr, google, folders } = settings;
  const services: unknown = {
    ...JSON.parse(readFileSync(path, "utf8")),
    ...(flickr !== undefined && {
      flickr: {
        enabled: true,
        endpoints: {
          rest: flickr.emulator.endpoints.rest,
          upload: flickr.emulator.endpoints.upload,
          oauth: flickr.emulator.endpoints.oauth,
        },
        rate_limit: QUICK,
      },
    }),
    ...(google !== undefined && {
      "google-photos": {
        enabled: true,
        endpoints: google.emulator.endpoints,
        rate_limit: { requests_per_second: 1000 },
      },
    }),
    ...(google !== undefined &&
      folders !== undefined && {
        "google-drive": {
          enabled: true,
          folders,
          endpoints: google.emulator.endpoints,
          rate_limit: { requests_per_second: 1000 },
        },
      }),
  };
  writeFileSync(path, `${JSON.stringify(services, null, 2)}\n`);
  git(library.path, "commit", "-qam", "accounts");
  return { library, environment, home };
}
