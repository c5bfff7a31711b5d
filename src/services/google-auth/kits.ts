import { endpointOf } from "../../infra/http/service-address.js";
import type { PhotoService } from "../../ports/photo-service.js";
import type { GoogleAccess } from "../google-api/google-request.js";
import { DRIVE_TRAITS, openGoogleDrive } from "../google-drive/adapter.js";
import { openGooglePhotos } from "../google-photos/adapter.js";
import { libraryTraits, pickerTraits } from "../google-photos/capabilities.js";
import type { ServiceContext } from "../service-context.js";
import type { AdapterSettings, ServiceKit } from "../service-kit.js";
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

type GoogleService = Pick<ServiceKit, "title" | "remarks"> & {
  open(access: GoogleAccess, context: ServiceContext, settings: AdapterSettings): PhotoService;
};

/** How many of the day's requests are gone, where the service counts them. */
function quotaFacts({ policy }: ServiceContext): readonly string[] {
  const quota = policy.quota();
  return quota === null
    ? []
    : [`${quota.used} of ${quota.perDay} requests used today, until ${quota.resetsAt}`];
}

const googleKit = ({ title, remarks, open }: GoogleService): ServiceKit => ({
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
  open: (context, settings) => open(googleAccess(context), context, settings),
  async check(context, settings, call) {
    const { owner, facts } = await open(googleAccess(context), context, settings).account(call);
    return { owner, facts: [...facts, ...quotaFacts(context)] };
  },
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
  open(access, { account, endpoints }) {
    const library = endpointOf(account, endpoints, "library", "https://photoslibrary.googleapis.com");
    // Whoever puts photos into albums there asks the owner first; nothing does so yet.
    return openGooglePhotos({ access, library, allowsAlbums: false });
  },
});

/** Connecting to Google Drive. */
export const googleDriveKit: ServiceKit = googleKit({
  title: "Google Drive",
  remarks: [
    ...DRIVE_TRAITS.remarks,
    "Google Drive and Google Photos are apart since 2019: photos that are only in Google Photos are not here.",
  ],
  open(access, { account, endpoints }, { folders = [] }) {
    const drive = endpointOf(account, endpoints, "drive", "https://www.googleapis.com/drive/v3");
    return openGoogleDrive({ access, drive, folders });
  },
});
