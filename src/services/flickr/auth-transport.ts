import type { Transport } from "flickr-sdk";
import type { Call } from "../../ports/call.js";
import { type FlickrEndpoints, redirected } from "./auth-endpoints.js";
import { statusFailed } from "./failures.js";

export interface FlickrWire {
  readonly account: string;
  readonly endpoints: FlickrEndpoints;
  readonly fetch: typeof fetch;
  readonly nowMs: () => number;
}

/**
 * Carries flickr-sdk's signed requests to the configured addresses, over our `fetch`, one transport for one call. Throws what a status
 * means; the SDK's own error would hold the response, and its address the signature.
 */
export async function flickrTransport(wire: FlickrWire, label: string, call: Call): Promise<Transport> {
  const { FetchTransport } = await import("flickr-sdk");
  return new (class extends FetchTransport {
    override async fetch(url: string, init: RequestInit): Promise<Response> {
      const response = await wire.fetch(redirected(url, wire.endpoints), { ...init, signal: call.signal });
      if (response.ok) return response;
      const { account, nowMs } = wire;
      throw statusFailed({ account, label }, response, await response.text(), nowMs());
    }
  })();
}
