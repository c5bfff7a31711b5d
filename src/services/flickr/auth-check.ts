import { signInNeeded } from "../../infra/http/failures.js";
import type { Call } from "../../ports/call.js";
import type { ServiceContext } from "../service-context.js";
import { FlickrClient } from "./client.js";
import { flickrClientOptions } from "./open-flickr.js";
import { contentOf, recordAt } from "./shapes.js";

/**
 * Sees to it that a sign-in lets photosync write: one request. Throws `<account>.sign-in-needed` (auth) where it does not or is not taken,
 * and what every request throws. An answer of an unknown form passes: the first write will tell.
 */
export async function checkPermission(context: ServiceContext, call: Call): Promise<void> {
  const options = flickrClientOptions(context);
  const { token } = await options.signIn();
  const answer = await new FlickrClient(options).ask("auth.oauth.checkToken", { oauth_token: token }, call);
  const perms = contentOf(recordAt(answer, "oauth")["perms"]);
  if (perms !== "read" && perms !== "none") return;
  const { account } = context;
  throw signInNeeded(account, `The sign-in to ${account} lets photosync look, and not write.`);
}
