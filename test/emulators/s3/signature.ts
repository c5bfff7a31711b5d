import { createHash, createHmac } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { S3Failure } from "./failure.js";
import type { State } from "./state.js";

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;
const MOST_SKEW_MS = 15 * 60_000;

const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
const sha256Hex = (bytes: string | Buffer): string => createHash("sha256").update(bytes).digest("hex");

const strictlyEncoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);

function canonicalQuery(search: string): string {
  return search
    .replace(/^\?/, "")
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const at = pair.indexOf("=");
      const [name, value] = at === -1 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
      return [strictlyEncoded(decodeURIComponent(name)), strictlyEncoded(decodeURIComponent(value))] as const;
    })
    .sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

const headerOf = ({ headers }: IncomingMessage, name: string): string => {
  const value = headers[name];
  return (Array.isArray(value) ? value.join(",") : (value ?? "")).trim().replace(/ +/g, " ");
};

/** The instant of `20261121T120000Z`. */
const instantOf = (stamp: string): number =>
  Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));

/**
 * Checks a request as S3 does: signature version 4 over the host and every `x-amz-*` header, the clock, the region
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html). Tells the body's signed hash. Throws `S3Failure`.
 */
export function checkSignature(request: IncomingMessage, state: State): string {
  const url = request.url ?? "/";
  const [path = "/", search = ""] = [url.split("?")[0], url.slice((url.split("?")[0] ?? "").length)];
  const found = AUTHORIZATION.exec(headerOf(request, "authorization"));
  if (found === null) throw new S3Failure(403, "AccessDenied", "Anonymous requests are not served.");
  const [, accessKeyId, day = "", region = "", names = "", signature] = found;
  const session = state.sessions.get(accessKeyId ?? "");
  const keys = session ?? state.keys;
  if (accessKeyId !== keys.accessKeyId)
    throw new S3Failure(
      403,
      "InvalidAccessKeyId",
      "The AWS Access Key Id you provided does not exist in our records.",
    );
  if (region !== state.region)
    throw new S3Failure(
      400,
      "AuthorizationHeaderMalformed",
      `The region '${region}' is wrong; expecting '${state.region}'`,
    );
  const stamp = headerOf(request, "x-amz-date");
  const signed = names.split(";");
  const needed = ["host", ...Object.keys(request.headers).filter((name) => name.startsWith("x-amz-"))];
  if (needed.some((name) => !signed.includes(name)))
    throw new S3Failure(
      403,
      "AccessDenied",
      "There were headers present in the request which were not signed",
    );
  const bodyHash = headerOf(request, "x-amz-content-sha256");
  const canonical = [
    request.method ?? "",
    path,
    canonicalQuery(search),
    ...signed.map((name) => `${name}:${headerOf(request, name)}`),
    "",
    names,
    bodyHash,
  ].join("\n");
  const scope = `${day}/${region}/s3/aws4_request`;
  const toSign = `AWS4-HMAC-SHA256\n${stamp}\n${scope}\n${sha256Hex(canonical)}`;
  const key = ["aws4_request", "s3", region, day].reduceRight<Buffer | string>(
    (secret, text) => hmac(secret, text),
    `AWS4${keys.secretAccessKey}`,
  );
  if (hmac(key, toSign).toString("hex") !== signature)
    throw new S3Failure(
      403,
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided.",
    );
  if (Math.abs(instantOf(stamp) - (Date.now() + state.skewMs)) > MOST_SKEW_MS)
    throw new S3Failure(
      403,
      "RequestTimeTooSkewed",
      "The difference between the request time and the current time is too large.",
    );
  if (headerOf(request, "x-amz-security-token") !== (session?.sessionToken ?? ""))
    throw new S3Failure(400, "InvalidToken", "The provided token is malformed or otherwise invalid.");
  if (state.isExpired || session?.isExpired === true)
    throw new S3Failure(400, "ExpiredToken", "The provided token has expired.");
  if (bodyHash.startsWith("STREAMING-"))
    throw new S3Failure(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
  if (!/^[0-9a-f]{64}$/.test(bodyHash))
    throw new S3Failure(400, "InvalidRequest", "Bodies have to be signed.");
  return bodyHash;
}

/** Refuses a body that is not the signed one. */
export function checkBody(body: Buffer, signedHash: string, state: State): void {
  if (state.profile.checksBodies && sha256Hex(body) !== signedHash)
    throw new S3Failure(
      400,
      "XAmzContentSHA256Mismatch",
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
}
