import { endpointOf } from "../../infra/http/service-address.js";

/** Where Flickr's API lives, without a slash at the end. */
export interface FlickrEndpoints {
  readonly rest: string;
  readonly upload: string;
  readonly oauth: string;
}

/** What flickr-sdk calls, whatever is configured; it signs over these, too. */
export const FLICKR: FlickrEndpoints = {
  rest: "https://api.flickr.com/services/rest",
  upload: "https://up.flickr.com/services/upload",
  oauth: "https://www.flickr.com/services/oauth",
};

/** Flickr's addresses, or those under `endpoints` of the account. Throws `config.endpoint`. */
export function flickrEndpoints(
  account: string,
  endpoints: Readonly<Record<string, string>> | undefined,
): FlickrEndpoints {
  const at = (name: keyof FlickrEndpoints) =>
    endpointOf(account, endpoints, name, FLICKR[name]).replace(/\/+$/, "");
  return { rest: at("rest"), upload: at("upload"), oauth: at("oauth") };
}

/** Where a request that flickr-sdk meant for Flickr really goes. */
export function redirected(address: string, endpoints: FlickrEndpoints): string {
  for (const name of ["rest", "upload", "oauth"] as const)
    if (address.startsWith(FLICKR[name])) return endpoints[name] + address.slice(FLICKR[name].length);
  return address;
}
