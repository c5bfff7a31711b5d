import { systemClock } from "../../src/infra/clock.js";
import { seedSampleAccount as seedFlickr } from "./flickr/sample-account.js";
import { type FlickrEmulator, startFlickrEmulator } from "./flickr/start.js";
import { seedSampleAccount as seedGoogle } from "./google/sample-account.js";
import { SAMPLE_CLIENT, SAMPLE_SECRET } from "./google/seed.js";
import { type GoogleEmulator, startGoogleEmulator } from "./google/start.js";

export interface SampleServicesOptions {
  /** True where the pages for signing in agree at once, without asking anybody. */
  readonly agrees: boolean;
  /** Any free one unless given. */
  readonly googlePort?: number;
  readonly flickrPort?: number;
}

/** Emulated services with sample accounts, and what photosync has to be told to use them. */
export interface SampleServices {
  readonly google: GoogleEmulator;
  readonly flickr: FlickrEmulator;
  /** Entries for `config/services.json`. */
  readonly services: Readonly<Record<string, object>>;
  /** The keys of photosync as an application, as the environment gives them. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Emulators on this computer need no such care as services; nobody shall wait for the sake of manners. */
const UNHURRIED = { requests_per_second: 100 };

/** Starts an emulated Google and an emulated Flickr on 127.0.0.1, each with an account that holds photos. The caller closes both. */
export async function startSampleServices(options: SampleServicesOptions): Promise<SampleServices> {
  const { agrees, googlePort = 0, flickrPort = 0 } = options;
  const google = await startGoogleEmulator({ port: googlePort });
  const { email, folder } = seedGoogle(google.state, google.nowMs());
  if (agrees) google.state.consent = { kind: "agree", email };
  const owner = "10000001@N01";
  const flickr = await startFlickrEmulator({
    clock: systemClock,
    port: flickrPort,
    options: agrees ? { authorizesAs: owner } : {},
  }).catch(async (error: unknown) => {
    await google.close();
    throw error;
  });
  const { app } = seedFlickr(flickr);
  const { drive, auth, token, revoke, userinfo, library, picker } = google.endpoints;
  const { rest, upload, oauth } = flickr.endpoints;
  const signIn = { auth, token, revoke, userinfo };
  return {
    google,
    flickr,
    services: {
      "google-photos": {
        enabled: true,
        provider: "google-photos",
        endpoints: { library, picker, ...signIn },
        rate_limit: { ...UNHURRIED, writes_per_minute: 6_000 },
      },
      "google-drive": {
        enabled: true,
        provider: "google-drive",
        folders: [folder],
        endpoints: { drive, ...signIn },
        rate_limit: UNHURRIED,
      },
      flickr: {
        enabled: true,
        provider: "flickr",
        endpoints: { rest, upload, oauth },
        rate_limit: UNHURRIED,
      },
    },
    environment: {
      GOOGLE_CLIENT_ID: SAMPLE_CLIENT,
      GOOGLE_CLIENT_SECRET: SAMPLE_SECRET,
      FLICKR_API_KEY: app.key,
      FLICKR_API_SECRET: app.secret,
    },
    close: async () => {
      await Promise.all([google.close(), flickr.close()]);
    },
  };
}
