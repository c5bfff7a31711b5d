import { fail, type JsonObject } from "../machine/answer.js";
import type { SentFile } from "../machine/sent-file.js";
import type { UploadAnswer } from "../machine/upload.js";
import type { Budget } from "./budget.js";
import { calledBy } from "./caller.js";
import type { Context } from "./context.js";
import { xmlReply } from "./formats.js";
import { problemReply } from "./oauth-problem.js";
import { argsOf } from "./rest.js";
import type { Sent } from "./sent-parameters.js";
import { htmlReply, type Reply, tooManyReply, type WireRequest } from "./wire.js";

function told(answer: UploadAnswer, form: "attributes" | "elements"): JsonObject {
  if (answer.duplicate === undefined || form === "attributes") return answer.duplicate ?? {};
  return Object.fromEntries(
    Object.entries(answer.duplicate).map(([name, value]) => [name, { _content: value }]),
  );
}

/** Answers `/services/upload` and `/services/replace`: XML always. `file` null where no part named `photo` came. */
export function uploadReply(
  context: Context,
  budget: Budget,
  request: WireRequest,
  sent: Sent,
  file: SentFile | null,
): Reply {
  const { machine, options } = context;
  if (request.method !== "POST") return xmlReply(fail(2, "No photo specified"));
  if (request.headers["content-length"] === undefined && !options.takesChunkedUploads) {
    return htmlReply(411, "411 Length Required");
  }
  if (Number(request.headers["content-length"] ?? 0) > 2 * machine.options.videoBytes) {
    return htmlReply(413, "413 Request Entity Too Large");
  }
  const called = calledBy(context, request, sent.parameters);
  if (called.kind === "problem") return problemReply(called.problem, options);
  if (called.kind === "failed") return xmlReply(called.answer);
  if (options.uploadsCount && !budget.take(called.appKey)) return tooManyReply(options.retryAfter);
  if (!sent.isWhole) return xmlReply(fail(3, "General upload failure"));
  const fields = argsOf(sent.parameters);
  const isReplacing = request.path.startsWith("/services/replace");
  const answer = isReplacing
    ? machine.replace(fields, file, called.caller)
    : machine.upload(fields, file, called.caller);
  return xmlReply(answer, told(answer, machine.options.duplicateForm));
}
