import { Sha256Node } from "@smithy/core/checksum";
import { SignatureV4 } from "@smithy/signature-v4";
import type { S3Keys } from "./s3-client.js";

/** A request as it will be sent, but for what signing adds. */
export interface Unsigned {
  readonly method: string;
  /** Encoded as it is sent. */
  readonly path: string;
  /** Not encoded. */
  readonly query: Readonly<Record<string, string>>;
  /** Names in lower case; `host` is among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** SHA-256 of the body in hex. */
  readonly bodyHash: string;
}

/** The headers of a request with those that sign it. Rejects as the source of the keys does. */
export type Signer = (request: Unsigned, nowMs: number) => Promise<Record<string, string>>;

/** Encoded as signatures want it: all but unreserved characters (RFC 3986, section 2.3). */
export const strictlyEncoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);

/** A query string as it is signed. */
export const queryText = (query: Readonly<Record<string, string>>): string =>
  Object.entries(query)
    .map(([name, value]) => `${strictlyEncoded(name)}=${strictlyEncoded(value)}`)
    .join("&");

/**
 * Signs requests for one region by version 4 (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html). S3 takes paths as
 * they are sent, where other services of AWS want them encoded once more.
 */
export function requestSigner(region: string, keys: () => Promise<S3Keys>): Signer {
  const signature = new SignatureV4({
    service: "s3",
    region,
    credentials: keys,
    sha256: Sha256Node,
    uriEscapePath: false,
    applyChecksum: false,
  });
  return async ({ method, path, query, headers, bodyHash }, nowMs) => {
    const signed = await signature.sign(
      {
        method,
        protocol: "https:",
        hostname: headers["host"] ?? "",
        path,
        query: { ...query },
        headers: { ...headers, "x-amz-content-sha256": bodyHash },
      },
      { signingDate: new Date(nowMs) },
    );
    return signed.headers;
  };
}
