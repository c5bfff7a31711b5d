import { signInNeeded } from "../../infra/http/failures.js";
import type { Call } from "../../ports/call.js";
import type { Permission } from "../assumption.js";
import type { ServiceContext } from "../service-context.js";
import { FlickrClient } from "./client.js";
import { flickrClientOptions } from "./open-flickr.js";
import { contentOf, recordAt } from "./shapes.js";

/** The right that a sign-in brings, in Flickr's words (`read`, `write`, `delete`): one request; null for an answer of an unknown form. */
export async function permsOf(context: ServiceContext, call: Call): Promise<string | null> {
  const options = flickrClientOptions(context);
  const { token } = await options.signIn();
  const answer = await new FlickrClient(options).ask("auth.oauth.checkToken", { oauth_token: token }, call);
  return contentOf(recordAt(answer, "oauth")["perms"]) ?? null;
}

/** What photosync needs of Flickr, and whether the sign-in of an account brings it. Throws what every request throws. */
export async function flickrPermissions(context: ServiceContext, call: Call): Promise<readonly Permission[]> {
  const perms = await permsOf(context, call);
  const has = (enough: readonly string[]) => (perms === null ? null : enough.includes(perms));
  return [
    {
      allows: "see all photos of the account, private ones too",
      isGranted: has(["read", "write", "delete"]),
    },
    { allows: "upload and change photos", isGranted: has(["write", "delete"]) },
  ];
}

/**
 * Sees to it that a sign-in lets photosync write: one request. Throws `<account>.sign-in-needed` (auth) where it does not or is not taken,
 * and what every request throws. An answer of an unknown form passes: the first write will tell.
 */
export async function checkPermission(context: ServiceContext, call: Call): Promise<void> {
  const perms = await permsOf(context, call);
  if (perms !== "read" && perms !== "none") return;
  const { account } = context;
  throw signInNeeded(account, `The sign-in to ${account} lets photosync look, and not write.`);
}
