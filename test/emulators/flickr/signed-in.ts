import { createFlickr, type FetchTransport } from "flickr-sdk";
import { addAccessToken, addAccount, addApp } from "./machine/seeding.js";
import type { AccessToken, Account, App, Perms } from "./machine/state.js";
import type { FlickrEmulator } from "./start.js";
import { SwappedOrigin } from "./swapped-origin.js";

/** An account with an application that it has let in. */
export interface SignedIn {
  readonly account: Account;
  readonly app: App;
  readonly token: AccessToken;
}

/** Makes an account, an application and a token for both, without the browser. */
export function signIn(
  emulator: FlickrEmulator,
  told: Partial<Account> = {},
  perms: Perms = "write",
): SignedIn {
  const nsid = told.nsid ?? "11111111@N01";
  const account = addAccount(emulator.machine, { ...told, nsid });
  const app = addApp(emulator.machine);
  return { account, app, token: addAccessToken(emulator.machine, { appKey: app.key, nsid, perms }) };
}

/** The real flickr-sdk, turned to the emulator. */
export const sdkFor = (
  emulator: FlickrEmulator,
  { app, token }: Pick<SignedIn, "app" | "token">,
  transport: FetchTransport = new SwappedOrigin(emulator.endpoints),
) =>
  createFlickr(
    {
      consumerKey: app.key,
      consumerSecret: app.secret,
      oauthToken: token.token,
      oauthTokenSecret: token.secret,
    },
    transport,
  );
