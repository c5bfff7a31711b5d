import { baseString, percent, signatureOf } from "./http/signature.js";
import type { SignedIn } from "./signed-in.js";

/** What a request is signed with. */
export interface Signing {
  readonly by: { readonly app: SignedIn["app"]; readonly token?: SignedIn["token"] };
  /** Unix seconds. */
  readonly at: number;
  readonly nonce: string;
}

/** The parameters together with OAuth's, signed for this address. */
export function signed(
  method: string,
  url: string,
  parameters: Readonly<Record<string, string>>,
  { by, at, nonce }: Signing,
): Readonly<Record<string, string>> {
  const all = {
    ...parameters,
    oauth_consumer_key: by.app.key,
    oauth_nonce: nonce,
    oauth_signature_method: "HMAC-SHA1",
    oauth_timestamp: String(at),
    ...(by.token && { oauth_token: by.token.token }),
  };
  const base = baseString(method, url, Object.entries(all));
  return { ...all, oauth_signature: signatureOf(base, by.app.secret, by.token?.secret ?? "") };
}

/** Parameters as a query or form body. */
export const asForm = (parameters: Readonly<Record<string, string>>): string =>
  Object.entries(parameters)
    .map(([name, value]) => `${percent(name)}=${percent(value)}`)
    .join("&");
