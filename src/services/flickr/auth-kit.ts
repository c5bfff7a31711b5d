import { signInNeeded } from "../../infra/http/failures.js";
import type { ServiceContext } from "../service-context.js";
import type { ServiceKit } from "../service-kit.js";
import { checkFlickr } from "./auth-check.js";
import { flickrEndpoints } from "./auth-endpoints.js";
import { flickrSignIn } from "./auth-sign-in.js";
import type { FlickrWire } from "./auth-transport.js";

const wireOf = ({ account, endpoints, fetch, time }: ServiceContext): FlickrWire => ({
  account,
  endpoints: flickrEndpoints(account, endpoints),
  fetch,
  nowMs: () => time.nowMs(),
});

/** Connecting to Flickr. */
export const flickrKit: ServiceKit = {
  title: "Flickr",
  application: [
    { field: "flickr_api_key", label: "Flickr API key", hidden: false },
    { field: "flickr_api_secret", label: "Flickr API secret", hidden: true },
  ],
  tokens: ["flickr_oauth_token", "flickr_oauth_token_secret"],
  keyAddress: "https://www.flickr.com/services/apps/create/",
  remarks: [
    "photosync can list your whole account with all metadata, albums and privacy levels, and tell what changed since the last time.",
    "It can upload photos and videos, always as private, and change titles, descriptions, tags, dates, places and albums.",
    "It can read and set who may see a photo; it widens only what you have approved.",
    "Originals come back byte for byte only from Pro accounts: since May 2025 Flickr lets free accounts download nothing above 1024 pixels.",
    "Videos often cannot be downloaded through the API; Flickr's own data export has them.",
    "photosync never deletes anything at Flickr, and does not ask for the right to.",
  ],
  async signIn(context, { application, way, person }, call) {
    const { account, signInPolicy, time } = context;
    const [apiKey, apiSecret] = [application["flickr_api_key"], application["flickr_api_secret"]];
    if (!apiKey || !apiSecret) throw signInNeeded(account, "Flickr's API key is missing.");
    const wire = wireOf(context);
    return flickrSignIn({ ...wire, apiKey, apiSecret, way, person, time, policy: signInPolicy }, call);
  },
  async check(context, call) {
    const found = await context.secrets.read(context.account);
    const { policy } = context;
    return checkFlickr({ ...wireOf(context), fields: found?.fields ?? {}, policy }, call);
  },
  async signOut() {
    return {
      revoked: false,
      note: "Flickr gives programs no way to end a sign-in. Remove photosync yourself at https://www.flickr.com/services/auth/list.gne.",
    };
  },
};
