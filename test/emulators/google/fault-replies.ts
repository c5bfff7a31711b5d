import type { Fault } from "./faults.js";
import { limitReply } from "./quotas.js";
import { driveError, html, type Reply, rpcError, rpcStatusOf } from "./reply.js";

const DRIVE_REASONS = {
  401: ["authError", "Invalid Credentials"],
  403: [
    "userRateLimitExceeded",
    "User Rate Limit Exceeded. Rate of requests for user exceed configured project quota",
  ],
  404: ["notFound", "File not found"],
  429: ["rateLimitExceeded", "Rate Limit Exceeded"],
  500: ["internalError", "Internal Error"],
  503: ["backendError", "Backend Error"],
  504: ["gatewayTimeout", "Gateway Timeout"],
} as const;

/** What is answered instead of doing anything; null for faults that let the request be carried out. */
export function faultReply(fault: Fault, path: string): Reply | null {
  if (fault.kind === "captive-page")
    return html(200, "<title>Welcome to the hotel</title>\n<p>Please accept our terms.");
  if (fault.kind !== "status") return null;
  const headers = fault.retryAfter === undefined ? {} : { "retry-after": fault.retryAfter };
  if (fault.isHtml === true) {
    const page = html(fault.status, `<title>Error ${fault.status}!!1</title>`);
    return { ...page, headers: { ...page.headers, ...headers } };
  }
  if (path.startsWith("/drive/")) {
    const [reason, message] = DRIVE_REASONS[fault.status];
    const reply = driveError(fault.status, reason, message);
    return { ...reply, headers: { ...reply.headers, ...headers } };
  }
  if (fault.status === 429) return limitReply(fault.limit ?? "minute", fault.retryAfter);
  return rpcError(rpcStatusOf(fault.status), "Emulated trouble.", undefined, headers);
}
