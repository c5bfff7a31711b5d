import { PhotosyncError } from "../../domain/errors.js";
import { signInNeeded, unavailable } from "../../infra/http/failures.js";

/**
 * What Flickr's `oauth_problem=…` text means; null where the text is none. It comes as plain text with status 401 or 400, on every address
 * that is signed. What follows it (`debug_sbs`) holds tokens and is never repeated.
 */
export function oauthProblem(text: string, account: string): PhotosyncError | null {
  const problem = /(?:^|&)oauth_problem=([a-z_]{1,40})/.exec(text)?.[1];
  if (problem === undefined) return null;
  switch (problem) {
    case "timestamp_refused":
      return new PhotosyncError({
        kind: "user",
        code: `${account}.clock-wrong`,
        message: "Flickr refuses requests from this computer because its clock is wrong.",
        next: ["Set the date and time (with the right time zone), then run the command again."],
      });
    case "nonce_used":
      return unavailable({
        account,
        message: "Flickr took a request for a repeated one.",
        nothingDone: true,
      });
    case "consumer_key_unknown":
    case "consumer_key_rejected":
    case "signature_invalid":
      return signInNeeded(
        account,
        `Flickr does not accept the API key or its secret for ${account} (${problem}).`,
      );
    case "verifier_invalid":
      return signInNeeded(account, "Flickr does not accept this code: it was mistyped, used or is too old.");
    default:
      return signInNeeded(account, `Flickr no longer takes the sign-in of ${account} (${problem}).`);
  }
}
