import type { Transport } from "flickr-sdk";
import { PhotosyncError } from "../../domain/errors.js";
import { statusFailure } from "../../infra/http/status-failure.js";
import type { Call } from "../../ports/call.js";
import { type FlickrEndpoints, redirected } from "./auth-endpoints.js";
import { oauthProblem } from "./auth-problem.js";

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
      const said = await response.text();
      const { status, headers } = response;
      // Error pages are HTML; their words say nothing that the status does not.
      throw (
        oauthProblem(said, account) ??
        statusFailure({
          account,
          label,
          status,
          headers,
          said: /[<&=]/.test(said) ? "" : said,
          nowMs: nowMs(),
        })
      );
    }
  })();
}

/** Flickr's own refusal (`stat: fail`, with status 200) as flickr-sdk throws it: its number and its words. */
export function refusalOf(thrown: unknown): { readonly code: number; readonly message: string } | null {
  if (thrown instanceof PhotosyncError || !(thrown instanceof Error)) return null;
  const { cause } = thrown;
  if (typeof cause !== "object" || cause === null || !("code" in cause)) return null;
  return { code: Number(cause.code), message: thrown.message };
}
