import type { HttpOptions } from "./options.js";
import { type Reply, textReply } from "./wire.js";

/** Why a request's OAuth part was not taken. */
export type OAuthProblem =
  | { readonly kind: "signature_invalid"; readonly base: string }
  | { readonly kind: "parameter_absent"; readonly absent: readonly string[] }
  | {
      readonly kind:
        | "token_rejected"
        | "token_expired"
        | "token_used"
        | "nonce_used"
        | "timestamp_refused"
        | "consumer_key_unknown"
        | "verifier_invalid"
        | "signature_method_rejected"
        | "version_rejected"
        | "parameter_rejected";
    };

function bodyOf(problem: OAuthProblem): string {
  switch (problem.kind) {
    case "signature_invalid":
      return `oauth_problem=signature_invalid&debug_sbs=${problem.base}`;
    case "parameter_absent":
      return `oauth_problem=parameter_absent&oauth_parameters_absent=${problem.absent.join("%26")}`;
    default:
      return `oauth_problem=${problem.kind}`;
  }
}

/** The text that Flickr answers instead of JSON or XML, on REST and uploads too. */
export function problemReply(problem: OAuthProblem, options: HttpOptions): Reply {
  const status = problem.kind === "signature_invalid" ? 401 : options.oauthProblemStatus;
  return textReply(status, "text/plain;charset=UTF-8", bodyOf(problem));
}
