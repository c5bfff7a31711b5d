import { signInNeeded } from "../../infra/http/failures.js";
import type { ServiceContext } from "../service-context.js";
import type { ServiceKit } from "../service-kit.js";
import { checkPermission } from "./auth-check.js";
import { flickrEndpoints } from "./auth-endpoints.js";
import { flickrSignIn } from "./auth-sign-in.js";
import type { FlickrWire } from "./auth-transport.js";
import { openFlickr } from "./open-flickr.js";
import { FLICKR_TRAITS } from "./traits.js";

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
    ...FLICKR_TRAITS.remarks,
    "photosync never deletes anything at Flickr, and does not ask for the right to.",
  ],
  open: openFlickr,
  async signIn(context, { application, way, person }, call) {
    const { account, signInPolicy, time } = context;
    const [apiKey, apiSecret] = [application["flickr_api_key"], application["flickr_api_secret"]];
    if (!apiKey || !apiSecret) throw signInNeeded(account, "Flickr's API key is missing.");
    const wire = wireOf(context);
    return flickrSignIn({ ...wire, apiKey, apiSecret, way, person, time, policy: signInPolicy }, call);
  },
  async check(context, settings, call) {
    await checkPermission(context, call);
    return openFlickr(context, settings).account(call);
  },
  async signOut() {
    return {
      revoked: false,
      note: "Flickr gives programs no way to end a sign-in. Remove photosync yourself at https://www.flickr.com/services/auth/list.gne.",
    };
  },
};
