import { fail } from "../machine/answer.js";
import { type Budget, hourlyBudget } from "./budget.js";
import type { Context } from "./context.js";
import type { Fault, Faults } from "./faults.js";
import { fileFacts } from "./file-facts.js";
import { formattedReply, xmlReply } from "./formats.js";
import { oauthReply } from "./oauth-endpoints.js";
import { type Endpoint, type LoggedRequest, type RequestView, safeFields, safePath } from "./request-log.js";
import { restReply } from "./rest.js";
import { readSent, type Sent } from "./sent-parameters.js";
import { staticReply } from "./static-host.js";
import { uploadReply } from "./uploads.js";
import { type Ending, htmlReply, type Reply, tooManyReply, type WireRequest } from "./wire.js";

/** What hears of every request: when it has arrived, and when its effect is done but nothing is answered yet. */
export type RequestListener = (moment: "arrived" | "done", request: RequestView) => void | Promise<void>;

/** Answers requests, whatever carries them. */
export interface Handler {
  handle(request: WireRequest): Promise<Ending>;
}

function endpointOf(path: string): Endpoint {
  const service = /^\/services\/(rest|upload|replace|oauth)(?:\/|$)/.exec(path)?.[1];
  if (service !== undefined) return service as Endpoint;
  return /^\/(\d+\/|photos\/|video\/|images\/)/.test(path) ? "static" : "none";
}

const FAULT_PAGE = htmlReply(200, "Flickr is having a massage");

/** What a fault answers before the request has had any effect; null where the effect comes first. */
function before(context: Context, fault: Fault, view: RequestView, sent: Sent): Ending | null {
  const reply = (what: Reply): Ending => ({ kind: "reply", reply: what });
  switch (fault.kind) {
    case "throttled":
      return reply(tooManyReply(context.options.retryAfter));
    case "status":
      return reply(htmlReply(fault.status, `${fault.status}`));
    case "html":
      return reply(FAULT_PAGE);
    case "reset":
      return { kind: "reset" };
    case "stall":
      return { kind: "stall" };
    case "fail": {
      const failure = fail(fault.code, fault.message);
      return reply(
        view.endpoint === "rest" ? formattedReply(failure, sent.parameters) : xmlReply(failure, fault.more),
      );
    }
    default:
      return null;
  }
}

/** What becomes of the answer to a request that has had its effect. */
function after(fault: Fault | null, reply: Reply): Ending {
  switch (fault?.kind) {
    case "status-after":
      return { kind: "reply", reply: htmlReply(fault.status, `${fault.status}`) };
    case "html-after":
      return { kind: "reply", reply: FAULT_PAGE };
    case "lost-reply":
      return { kind: "reset" };
    case "half-body":
      return { kind: "cut", reply };
    case "stall-after":
      return { kind: "stall" };
    default:
      return { kind: "reply", reply };
  }
}

/** The code in an API-level failure's own text. */
function failureIn(ending: Ending): number | null {
  if (ending.kind !== "reply" || !(ending.reply.body instanceof Uint8Array)) return null;
  if (ending.reply.body.length > 2000 || ending.reply.status !== 200) return null;
  const text = Buffer.from(ending.reply.body).toString("utf8");
  const code = /"stat":"fail","code":(\d+)|<err code="(\d+)"/.exec(text);
  return code === null ? null : Number(code[1] ?? code[2]);
}

export interface HandlerParts {
  readonly context: Context;
  readonly faults: Faults;
  readonly log: LoggedRequest[];
  readonly listeners: ReadonlySet<RequestListener>;
}

async function answer(context: Context, budget: Budget, request: WireRequest, sent: Sent): Promise<Reply> {
  const endpoint = endpointOf(request.path);
  switch (endpoint) {
    case "rest":
      return restReply(context, budget, request, sent);
    case "upload":
    case "replace": {
      const file = sent.file === null ? null : await fileFacts(sent.file.filename, sent.file.received);
      return uploadReply(context, budget, request, sent, file);
    }
    case "oauth":
      return oauthReply(context, request, sent) ?? htmlReply(404, "404 Not Found");
    default:
      return staticReply(context, request) ?? htmlReply(404, "404 Not Found");
  }
}

/** A Flickr that answers requests. */
export function flickrHandler({ context, faults, log, listeners }: HandlerParts): Handler {
  const budget = hourlyBudget(context.options.hourlyBudget, context.machine.now);
  let number = 0;
  return {
    handle: async (request) => {
      number += 1;
      const head: RequestView = {
        number,
        endpoint: endpointOf(request.path),
        httpMethod: request.method,
        path: safePath(request.path),
        call: null,
        fields: {},
      };
      if (faults.decide(head, "head") !== null) {
        for await (const _ of request.body) break;
        const at = context.machine.now();
        log.push({ ...head, at, status: null, failure: null, fault: "reset-midway" });
        return { kind: "reset" };
      }
      const sent = await readSent(request, context.files);
      const view: RequestView = {
        ...head,
        call: sent.parameters.findLast(([name]) => name === "method")?.[1] ?? null,
        fields: safeFields(sent.parameters),
      };
      for (const listener of listeners) await listener("arrived", view);
      const fault = faults.decide(view, "all");
      let ending = fault === null ? null : before(context, fault, view, sent);
      if (ending === null) {
        const reply = await answer(context, budget, request, sent);
        for (const listener of listeners) await listener("done", view);
        ending = after(fault, reply);
      }
      const status = "reply" in ending ? ending.reply.status : null;
      const at = context.machine.now();
      log.push({ ...view, at, status, failure: failureIn(ending), fault: fault?.kind ?? null });
      return ending;
    },
  };
}
