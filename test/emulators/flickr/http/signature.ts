import { createHmac, timingSafeEqual } from "node:crypto";

/** Names and values, decoded; a name may come more than once. */
export type Parameters = readonly (readonly [name: string, value: string])[];

/** RFC 3986: all but `A-Za-z0-9-._~` in upper-case hex of UTF-8. */
export const percent = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const byteOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The text that is signed (RFC 5849, section 3.4.1). */
export function baseString(method: string, url: string, parameters: Parameters): string {
  const pairs = parameters
    .filter(([name]) => name !== "oauth_signature")
    .map(([name, value]) => [percent(name), percent(value)] as const)
    .sort((a, b) => byteOrder(a[0], b[0]) || byteOrder(a[1], b[1]))
    .map(([name, value]) => `${name}=${value}`);
  return [method.toUpperCase(), percent(url), percent(pairs.join("&"))].join("&");
}

/** HMAC-SHA1 of the text by both secrets, base64. */
export const signatureOf = (text: string, appSecret: string, tokenSecret: string): string =>
  createHmac("sha1", `${percent(appSecret)}&${percent(tokenSecret)}`)
    .update(text)
    .digest("base64");

/** Compares without telling by its duration how much is right. */
export function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
