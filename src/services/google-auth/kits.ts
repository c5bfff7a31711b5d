import { endpointOf } from "../../infra/http/service-address.js";
import { isJsonRecord, textAt } from "../../infra/json-value.js";
import type { Call } from "../../ports/call.js";
import type { AccountReport } from "../../ports/photo-service.js";
import { askGoogle, type GoogleAccess, jsonReply } from "../google-api/google-request.js";
import { openGooglePhotos } from "../google-photos/adapter.js";
import { libraryTraits, pickerTraits } from "../google-photos/capabilities.js";
import type { ServiceContext } from "../service-context.js";
import type { ServiceKit } from "../service-kit.js";
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

/** What Google's adapters need of an account. Throws `config.endpoint`. */
export function googleAccess(context: ServiceContext): GoogleAccess {
  const { account, fetch, policy, time } = context;
  return { account, fetch, policy, time, token: tokensOf(context).accessToken };
}

interface GoogleService {
  readonly title: string;
  readonly remarks: readonly string[];
  check(context: ServiceContext, access: GoogleAccess, call: Call): Promise<AccountReport>;
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
  check: (context, call) => check(context, googleAccess(context), call),
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
    "photosync can upload photos and videos here.",
    ...libraryTraits(false).remarks,
    ...pickerTraits.remarks,
    "The client ID is part of your library's memory: with another one, Google no longer shows what was uploaded with this one.",
  ],
  async check(context, access, call) {
    const { account, endpoints, policy } = context;
    const library = endpointOf(account, endpoints, "library", "https://photoslibrary.googleapis.com");
    const { owner, facts } = await openGooglePhotos({ access, library, allowsAlbums: false }).account(call);
    const quota = policy.quota();
    const today =
      quota === null ? [] : [`${quota.used} of ${quota.perDay} requests used today, until ${quota.resetsAt}`];
    return { owner, facts: [...facts, ...today] };
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
  async check({ account, endpoints }, access, call) {
    const drive = endpointOf(account, endpoints, "drive", "https://www.googleapis.com/drive/v3");
    const label = "about.get";
    const url = `${drive.replace(/\/+$/, "")}/about?fields=user(displayName,emailAddress)`;
    const about = await askGoogle(
      access,
      { label, lane: "read", isRepeatable: true, url },
      (response) => jsonReply(account, label, response),
      call,
    );
    const user = isJsonRecord(about["user"]) ? about["user"] : {};
    const owner = textAt(user, "emailAddress") ?? textAt(user, "displayName");
    return { owner: owner ?? "the Google account that you chose in the browser", facts: [] };
  },
});
