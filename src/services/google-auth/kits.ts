import { DRIVE_TRAITS } from "../google-drive/adapter.js";
import { openGoogleDriveAccount } from "../google-drive/open-google-drive.js";
import { libraryTraits, pickerTraits } from "../google-photos/capabilities.js";
import { openGooglePhotosAccount } from "../google-photos/open-google-photos.js";
import type { ServiceContext } from "../service-context.js";
import type { ServiceKit } from "../service-kit.js";
import { applicationOf } from "./client.js";
import { googleEndpoints } from "./endpoints.js";
import { revokeGoogle } from "./revoke.js";
import { googleSignIn } from "./sign-in.js";

type GoogleService = Pick<ServiceKit, "title" | "remarks" | "open">;

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
  open,
  async check(context, settings, call) {
    const { owner, facts } = await open(context, settings).account(call);
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
  // Albums only where the configuration names them among the fields to be written: the owner may share one, unseen.
  open: (context, { albums = false }) =>
    openGooglePhotosAccount(context, { albums, uploadsFolder: context.notesFolder }),
});

/** Connecting to Google Drive. */
export const googleDriveKit: ServiceKit = googleKit({
  title: "Google Drive",
  remarks: [
    ...DRIVE_TRAITS.remarks,
    "Google Drive and Google Photos are apart since 2019: photos that are only in Google Photos are not here.",
  ],
  open: openGoogleDriveAccount,
});
