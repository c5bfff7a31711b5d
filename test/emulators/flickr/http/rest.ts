import { fail } from "../machine/answer.js";
import { methodNamed } from "../machine/methods.js";
import type { Args } from "../machine/paging.js";
import { lastValue } from "./authenticate.js";
import type { Budget } from "./budget.js";
import { calledBy } from "./caller.js";
import type { Context } from "./context.js";
import { formattedReply } from "./formats.js";
import { problemReply } from "./oauth-problem.js";
import type { Sent } from "./sent-parameters.js";
import type { Parameters } from "./signature.js";
import { type Reply, tooManyReply, type WireRequest } from "./wire.js";

/** A call's own arguments; of OAuth's only what `checkToken` asks about. */
export function argsOf(parameters: Parameters): Args {
  const args: Record<string, string> = {};
  for (const [name, value] of parameters) {
    if (!name.startsWith("oauth_") || name === "oauth_token") args[name] = value;
  }
  if (args["method"] !== "flickr.auth.oauth.checkToken") delete args["oauth_token"];
  return args;
}

/** Answers `/services/rest`. */
export function restReply(context: Context, budget: Budget, request: WireRequest, sent: Sent): Reply {
  const called = calledBy(context, request, sent.parameters);
  if (called.kind === "problem") return problemReply(called.problem, context.options);
  if (called.kind === "failed") return formattedReply(called.answer, sent.parameters);
  if (!budget.take(called.appKey)) return tooManyReply(context.options.retryAfter);
  const name = lastValue(sent.parameters, "method") ?? "";
  if (methodNamed(name)?.isSetter === true && request.method !== "POST") {
    return formattedReply(fail(116, "HTTP POST is required for all setters"), sent.parameters);
  }
  const answer = context.machine.call(name, argsOf(sent.parameters), called.caller);
  return formattedReply(answer, sent.parameters);
}
