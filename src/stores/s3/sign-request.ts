import { createHash, createHmac } from "node:crypto";
import type { S3Keys } from "./s3-client.js";

/** A request as it will be sent, but for what signing adds. */
export interface Unsigned {
  readonly method: string;
  /** Encoded as it is sent. */
  readonly path: string;
  /** Not encoded. */
  readonly query: Readonly<Record<string, string>>;
  /** Names in lower case; `host` is among them. All are signed. */
  readonly headers: Readonly<Record<string, string>>;
  /** SHA-256 of the body in hex. */
  readonly bodyHash: string;
}

/** The headers of a request with those that sign it, for one region and these keys at this time. */
export type Signer = (request: Unsigned, keys: S3Keys, nowMs: number) => Record<string, string>;

/** Encoded as signatures want it: all but unreserved characters (RFC 3986, section 2.3). */
export const strictlyEncoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);

/** A query string in the order in which it is signed. */
export const queryText = (query: Readonly<Record<string, string>>): string =>
  Object.entries(query)
    .map(([name, value]) => `${strictlyEncoded(name)}=${strictlyEncoded(value)}`)
    .sort()
    .join("&");

const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/**
 * Signs requests by version 4 (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html). The key of a day is derived
 * once: it takes as long as all the rest.
 */
export function requestSigner(region: string): Signer {
  let derived: { readonly of: string; readonly key: Buffer } | undefined;
  const keyOf = (secret: string, day: string): Buffer => {
    const of = `${day} ${secret}`;
    if (derived?.of !== of)
      derived = { of, key: [day, region, "s3", "aws4_request"].reduce(hmacOf, Buffer.from(`AWS4${secret}`)) };
    return derived.key;
  };
  return ({ method, path, query, headers, bodyHash }, keys, nowMs) => {
    const stamp = `${new Date(nowMs).toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
    const day = stamp.slice(0, 8);
    const all: Record<string, string> = { ...headers, "x-amz-content-sha256": bodyHash, "x-amz-date": stamp };
    if (keys.sessionToken !== undefined) all["x-amz-security-token"] = keys.sessionToken;
    const names = Object.keys(all).sort();
    const signed = names.join(";");
    const lines = names.map((name) => `${name}:${(all[name] ?? "").trim().replace(/ +/g, " ")}\n`).join("");
    const canonical = `${method}\n${path}\n${queryText(query)}\n${lines}\n${signed}\n${bodyHash}`;
    const scope = `${day}/${region}/s3/aws4_request`;
    const digest = createHash("sha256").update(canonical).digest("hex");
    const signature = hmac(
      keyOf(keys.secretAccessKey, day),
      `AWS4-HMAC-SHA256\n${stamp}\n${scope}\n${digest}`,
    ).toString("hex");
    all["authorization"] =
      `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`;
    return all;
  };
}

const hmacOf = (key: Buffer, text: string): Buffer => hmac(key, text);
