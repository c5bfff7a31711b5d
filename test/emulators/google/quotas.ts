import { errorInfo, Refusal, type Reply, rpcError, type World } from "./reply.js";

/** The day that Google's daily quotas count by: midnight to midnight Pacific time. */
const pacificDay = (ms: number): string =>
  new Intl.DateTimeFormat("en-CA", { timeZone: "America/Los_Angeles", dateStyle: "short" }).format(ms);

const SERVICE = "photoslibrary.googleapis.com";

/** The 429 that tells of one of the Library API's limits. */
export function limitReply(limit: "day" | "minute" | "concurrent", retryAfter?: string): Reply {
  const headers = retryAfter === undefined ? {} : { "retry-after": retryAfter };
  if (limit === "concurrent") {
    const message =
      "Quota exceeded for quota metric 'concurrent write request' of the user: one write at a time.";
    return rpcError("RESOURCE_EXHAUSTED", message, undefined, headers);
  }
  const [metric, name, value, label] =
    limit === "day"
      ? ["all_requests", "ApiCallsPerProjectPerDay", "10000", "All requests per day"]
      : ["write_requests", "WritesPerMinutePerUser", "30", "Write requests per minute per user"];
  const message = `Quota exceeded for quota metric '${limit === "day" ? "All requests" : "Write requests"}' and limit '${label}' of service '${SERVICE}' for consumer 'project_number:1234567890'.`;
  const details = errorInfo("RATE_LIMIT_EXCEEDED", {
    service: SERVICE,
    quota_metric: `${SERVICE}/${metric}`,
    quota_limit: name,
    quota_limit_value: value,
  });
  return rpcError("RESOURCE_EXHAUSTED", message, [details], headers);
}

function spend(world: World, key: string, most: number): boolean {
  const used = (world.state.used.get(key) ?? 0) + 1;
  world.state.used.set(key, used);
  return used <= most;
}

/** Counts a request of the Library API against its day, and a write against its minute. Throws 429. */
export function spendLibrary(world: World, clientId: string, email: string, isWrite: boolean): void {
  const now = world.clock.nowMs();
  if (!spend(world, `library ${clientId} ${pacificDay(now)}`, world.settings.libraryPerDay)) {
    throw new Refusal(limitReply("day"));
  }
  if (!isWrite) return;
  const minute = Math.floor(now / 60_000);
  if (!spend(world, `writes ${email} ${minute}`, world.settings.writesPerMinute))
    throw new Refusal(limitReply("minute"));
}

/** Counts a request for bytes against its day. Throws 429. */
export function spendBytes(world: World, email: string): void {
  if (!spend(world, `bytes ${email} ${pacificDay(world.clock.nowMs())}`, world.settings.basePerDay)) {
    throw new Refusal(limitReply("day"));
  }
}

export function spendPicker(world: World, clientId: string): void {
  const minute = Math.floor(world.clock.nowMs() / 60_000);
  if (!spend(world, `picker ${clientId} ${minute}`, world.settings.pickerPerMinute)) {
    throw new Refusal(limitReply("minute"));
  }
}
