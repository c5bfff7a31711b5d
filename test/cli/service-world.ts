import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ReplicatePolicy } from "../../src/domain/replicate-policy.js";
import { systemClock } from "../../src/infra/clock.js";
import { jpegFor } from "../emulators/flickr/http/pictures.js";
import { signIn } from "../emulators/flickr/signed-in.js";
import { type FlickrEmulator, startFlickrEmulator } from "../emulators/flickr/start.js";
import { SCOPES } from "../emulators/google/bearer.js";
import {
  SAMPLE_CLIENT,
  SAMPLE_SECRET,
  seedAccount,
  seedClient,
  seedSignIn,
} from "../emulators/google/seed.js";
import { type GoogleEmulator, startGoogleEmulator } from "../emulators/google/start.js";
import { Library } from "./library.js";
import { type Environment, git } from "./run-program.js";

/** Two services with an empty account each, and a sign-in to both. */
export interface EmulatedServices {
  readonly flickr: FlickrEmulator;
  readonly google: GoogleEmulator;
  /** What signs a process in. */
  readonly credentials: Environment;
  close(): Promise<void>;
}

type FlickrSettings = Parameters<typeof startFlickrEmulator>[0]["options"];

/** Starts both; the caller closes them. */
export async function emulatedServices(options: FlickrSettings = {}): Promise<EmulatedServices> {
  const flickr = await startFlickrEmulator({
    clock: systemClock,
    options: { hourlyBudget: null, retryAfter: 1, ...options },
  });
  const { app, token } = signIn(flickr);
  const google = await startGoogleEmulator();
  seedAccount(google.state);
  seedClient(google.state);
  const { grant } = seedSignIn(google.state, Object.values(SCOPES), google.nowMs());
  return {
    flickr,
    google,
    credentials: {
      FLICKR_API_KEY: app.key,
      FLICKR_API_SECRET: app.secret,
      FLICKR_OAUTH_TOKEN: token.token,
      FLICKR_OAUTH_TOKEN_SECRET: token.secret,
      GOOGLE_CLIENT_ID: SAMPLE_CLIENT,
      GOOGLE_CLIENT_SECRET: SAMPLE_SECRET,
      GOOGLE_REFRESH_TOKEN: grant.refreshToken,
    },
    async close() {
      await flickr.close();
      await google.close();
    },
  };
}

/** A computer without a keychain, on which every run takes it for ten minutes ago: an upload without an answer is then known to be lost at once. */
export const homeEnvironment = (home: string): Environment => ({
  XDG_CONFIG_HOME: join(home, "config"),
  PHOTOSYNC_KEYCHAIN: "off",
  SOURCE_DATE_EPOCH: String(Math.floor(Date.now() / 1000) - 600),
});

export type Policies = Readonly<Record<string, ReplicatePolicy>>;

/** Where the services are, as `endpoints` names it. */
export interface Origins {
  readonly flickr: string;
  readonly google: string;
}

/** Tells a library where the services are and what `replicate` may do there, and commits it. No rate limit slows anything down. */
export async function configure(library: Library, origins: Origins, policies: Policies): Promise<void> {
  const swift = { requests_per_second: 1000, requests_per_hour: 1_000_000, writes_per_minute: 100_000 };
  const account = (name: string, endpoints: Readonly<Record<string, string>>) => ({
    enabled: true,
    endpoints,
    rate_limit: swift,
    ...(policies[name] !== undefined && { replicate: policies[name] }),
  });
  const { flickr, google } = origins;
  const services = {
    schema_version: 1,
    folder: { enabled: true },
    flickr: account("flickr", {
      rest: `${flickr}/services/rest`,
      upload: `${flickr}/services/upload`,
      oauth: `${flickr}/services/oauth`,
    }),
    "google-photos": account("google-photos", {
      library: `${google}/photoslibrary`,
      token: `${google}/token`,
    }),
  };
  const text = `${JSON.stringify(services, null, 2)}\n`;
  await writeFile(join(library.path, "config/services.json"), text);
  git(library.path, "commit", "-qam", "what replicate may do");
}

/** A library on a computer that is signed in to emulated services, and what stands there. */
export interface ServiceWorld extends EmulatedServices {
  readonly home: string;
  readonly library: Library;
  readonly environment: Environment;
  /** Puts so many further pictures into the folder that the library is made from. */
  addPictures(count: number): Promise<void>;
  allow(policies: Policies): Promise<void>;
  /** Finds the pictures and resolves them. */
  takeIn(): Promise<void>;
}

/** Makes the world; the caller closes it. */
export async function serviceWorld(options: FlickrSettings = {}): Promise<ServiceWorld> {
  const home = await mkdtemp(join(tmpdir(), "photosync-services-"));
  const services = await emulatedServices(options);
  const environment = { ...homeEnvironment(home), ...services.credentials };
  const pictures = join(home, "pictures");
  await mkdir(pictures);
  const library = await Library.fresh(join(home, "library"), environment);
  const origins = {
    flickr: new URL(services.flickr.endpoints.rest).origin,
    google: new URL(services.google.endpoints.token).origin,
  };
  let made = 0;
  return {
    ...services,
    home,
    library,
    environment,
    async addPictures(count) {
      for (let n = 0; n < count; n++) {
        made += 1;
        const name = `IMG_${String(made).padStart(4, "0")}.jpg`;
        await writeFile(join(pictures, name), jpegFor(`picture ${made}`));
      }
    },
    allow: (policies) => configure(library, origins, policies),
    async takeIn() {
      await library.run("discover", pictures);
      await library.run("resolve", "--auto-resolve", "simple");
    },
    async close() {
      await services.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}
