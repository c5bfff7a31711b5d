import { endpointOf } from "../../infra/http/service-address.js";
import type { Call } from "../../ports/call.js";
import type { AccountReport } from "../../ports/photo-service.js";
import type { ServiceContext } from "../service-context.js";
import type { ServiceKit } from "../service-kit.js";
import { askGoogle, textIn } from "./check.js";
import { applicationOf } from "./client.js";
import { googleEndpoints } from "./endpoints.js";
import { revokeGoogle } from "./revoke.js";
import { googleSignIn } from "./sign-in.js";
import { type GoogleTokens, googleTokens } from "./tokens.js";

/** The access tokens of a context's account; to be made once and shared. Throws `config.endpoint`. */
export function tokensOf(context: ServiceContext): GoogleTokens {
  const { account, secrets, fetch, time, signInPolicy } = context;
  const endpoints = googleEndpoints(account, context.endpoints);
  return googleTokens({ account, secrets, endpoints, fetch, time, policy: signInPolicy });
}

interface GoogleService {
  readonly title: string;
  readonly remarks: readonly string[];
  check(context: ServiceContext, tokens: GoogleTokens, call: Call): Promise<AccountReport>;
}

const googleKit = ({ title, remarks, check }: GoogleService): ServiceKit => ({
  title,
  remarks,
  application: [
    { field: "google_client_id", label: "Google client ID", hidden: false },
    { field: "google_client_secret", label: "Google client secret", hidden: true },
  ],
  tokens: ["google_refresh_token"],
  keyAddress: "https://console.cloud.google.com/auth/clients",
  signIn: (context, { application, way, person }, call) => {
    const { account, provider, fetch, time } = context;
    return googleSignIn(
      {
        account,
        provider,
        application: applicationOf(account, application),
        endpoints: googleEndpoints(account, context.endpoints),
        fetch,
        way,
        person,
        time,
      },
      call,
    );
  },
  check: (context, call) => check(context, tokensOf(context), call),
  async signOut({ account, endpoints, fetch, signInPolicy, time }, fields, call) {
    const refreshToken = fields["google_refresh_token"];
    if (!refreshToken) return { revoked: false, note: null };
    const revocation = { account, refreshToken, fetch, policy: signInPolicy, nowMs: time.nowMs() };
    await revokeGoogle({ ...revocation, endpoints: googleEndpoints(account, endpoints) }, call);
    return { revoked: true, note: null };
  },
});

/** Connecting to Google Photos. */
export const googlePhotosKit: ServiceKit = googleKit({
  title: "Google Photos",
  remarks: [
    "photosync can upload photos and videos, and keep the descriptions and albums of what it uploaded.",
    "It can see only what it uploaded itself, and what you pick by hand: since March 2025 Google lets no program read a whole library. A Takeout export is the way to your originals with their places.",
    "What Google Photos gives back is not the original (photos lose their place, videos are transcoded), so it never counts as a stored original.",
    "Nobody can ask Google who may see a photo: `audit` counts every one as public, and photosync keeps off albums that you may have shared.",
    "photosync cannot delete, share or hide anything at Google Photos.",
    "The client ID is part of your library's memory: with another one, Google no longer shows what was uploaded with this one.",
  ],
  async check(context, tokens, call) {
    const { account, endpoints } = context;
    const library = endpointOf(account, endpoints, "library", "https://photoslibrary.googleapis.com");
    const address = `${library.replace(/\/+$/, "")}/v1/albums?pageSize=1`;
    await askGoogle(context, tokens, { label: "albums.list", address }, call);
    const quota = context.policy.quota();
    return {
      // No scope is asked for that would tell a name.
      owner: "the Google account that you chose in the browser",
      facts:
        quota === null
          ? []
          : [`${quota.used} of ${quota.perDay} requests used today, until ${quota.resetsAt}`],
    };
  },
});

/** Connecting to Google Drive. */
export const googleDriveKit: ServiceKit = googleKit({
  title: "Google Drive",
  remarks: [
    "photosync can read photos, videos and Takeout archives in the folders that you name, with their checksums, and tell what changed since the last time.",
    "It only reads: it cannot change, share or delete a file.",
    "Google Drive and Google Photos are apart since 2019: photos that are only in Google Photos are not here.",
  ],
  async check(context, tokens, call) {
    const { account, endpoints } = context;
    const drive = endpointOf(account, endpoints, "drive", "https://www.googleapis.com");
    const address = `${drive.replace(/\/+$/, "")}/drive/v3/about?fields=user(displayName,emailAddress)`;
    const answer = await askGoogle(context, tokens, { label: "about.get", address }, call);
    const owner = textIn(answer, "user", "emailAddress") || textIn(answer, "user", "displayName");
    return { owner: owner || "the Google account that you chose in the browser", facts: [] };
  },
});
