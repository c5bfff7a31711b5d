import { signInNeeded } from "../../infra/http/failures.js";
import type { PhotoTarget } from "../../ports/photo-service.js";
import type { ServiceContext } from "../service-context.js";
import { flickrEndpoints } from "./auth-endpoints.js";
import type { FlickrClientOptions } from "./client.js";
import { FlickrPhotos } from "./flickr-service.js";

/** What a client of a context's account needs. Throws `config.endpoint` (user). */
export function flickrClientOptions(context: ServiceContext): FlickrClientOptions {
  const { account, secrets, fetch, policy, time } = context;
  return {
    account,
    endpoints: flickrEndpoints(account, context.endpoints),
    fetch,
    policy,
    nowMs: () => time.nowMs(),
    async signIn() {
      const { fields = {} } = (await secrets.read(account)) ?? {};
      const [key, secret, token, tokenSecret] = [
        fields["flickr_api_key"],
        fields["flickr_api_secret"],
        fields["flickr_oauth_token"],
        fields["flickr_oauth_token_secret"],
      ];
      if (!key || !secret || !token || !tokenSecret) {
        throw signInNeeded(account, `Nobody is signed in to ${account}.`);
      }
      return { key, secret, token, tokenSecret };
    },
  };
}

/**
 * The Flickr account of a context. `marks`: see `FlickrServiceOptions`. Nothing is asked before it is used; whoever is not signed in
 * hears so then (`<account>.sign-in-needed`). Throws `config.endpoint` (user).
 */
export function openFlickr(
  context: ServiceContext,
  settings: { readonly marks?: boolean } = {},
): PhotoTarget {
  const { marks } = settings;
  return new FlickrPhotos({ ...flickrClientOptions(context), ...(marks === undefined ? {} : { marks }) });
}
