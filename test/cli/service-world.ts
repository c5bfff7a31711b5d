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

/** A library on a computer that is signed in to emulated services, and what stands there. */
export interface ServiceWorld {
  readonly home: string;
  readonly library: Library;
  readonly environment: Environment;
  readonly flickr: FlickrEmulator;
  readonly google: GoogleEmulator;
  /** Puts so many further pictures into the folder that the library is made from. */
  addPictures(count: number): Promise<void>;
  /** Writes what `replicate` may do on each account, and commits it. */
  allow(policies: Readonly<Record<string, ReplicatePolicy>>): Promise<void>;
  /** Finds the pictures and resolves them. */
  takeIn(): Promise<void>;
  close(): Promise<void>;
}

/** Makes the world; the caller closes it. No rate limit slows it down. */
export async function serviceWorld(
  options: Parameters<typeof startFlickrEmulator>[0]["options"] = {},
): Promise<ServiceWorld> {
  const home = await mkdtemp(join(tmpdir(), "photosync-services-"));
  const flickr = await startFlickrEmulator({
    clock: systemClock,
    options: { hourlyBudget: null, retryAfter: 1, ...options },
  });
  const { app, token } = signIn(flickr);
  const google = await startGoogleEmulator();
  seedAccount(google.state);
  seedClient(google.state);
  const { grant } = seedSignIn(google.state, Object.values(SCOPES), google.nowMs());
  const environment: Environment = {
    XDG_CONFIG_HOME: join(home, "config"),
    PHOTOSYNC_KEYCHAIN: "off",
    FLICKR_API_KEY: app.key,
    FLICKR_API_SECRET: app.secret,
    FLICKR_OAUTH_TOKEN: token.token,
    FLICKR_OAUTH_TOKEN_SECRET: token.secret,
    GOOGLE_CLIENT_ID: SAMPLE_CLIENT,
    GOOGLE_CLIENT_SECRET: SAMPLE_SECRET,
    GOOGLE_REFRESH_TOKEN: grant.refreshToken,
    // A run waits until an upload without an answer began five minutes ago, before it takes it for lost.
    SOURCE_DATE_EPOCH: String(Math.floor(Date.now() / 1000) - 600),
  };
  const pictures = join(home, "pictures");
  await mkdir(pictures);
  const library = await Library.init(join(home, "library"), environment);
  let made = 0;
  return {
    home,
    library,
    environment,
    flickr,
    google,
    async addPictures(count) {
      for (let n = 0; n < count; n++) {
        made += 1;
        const name = `IMG_${String(made).padStart(4, "0")}.jpg`;
        await writeFile(join(pictures, name), jpegFor(`picture ${made}`));
      }
    },
    async allow(policies) {
      const rate_limit = { requests_per_second: 1000, requests_per_hour: 1_000_000 };
      const { rest, upload, oauth } = flickr.endpoints;
      const account = (name: string, endpoints: object, limits: object) => ({
        enabled: true,
        endpoints,
        rate_limit: limits,
        ...(policies[name] !== undefined && { replicate: policies[name] }),
      });
      const services = {
        schema_version: 1,
        folder: { enabled: true },
        flickr: account("flickr", { rest, upload, oauth }, rate_limit),
        "google-photos": account("google-photos", google.endpoints, {
          requests_per_second: 1000,
          writes_per_minute: 100_000,
        }),
      };
      const text = `${JSON.stringify(services, null, 2)}\n`;
      await writeFile(join(library.path, "config/services.json"), text);
      git(library.path, "commit", "-qam", "what replicate may do");
    },
    async takeIn() {
      await library.run("discover", pictures);
      await library.run("resolve", "--auto-resolve", "simple");
    },
    async close() {
      await flickr.close();
      await google.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}
