import { PhotosyncError } from "../../domain/errors.js";
import { statusFailure } from "../../infra/http/status-failure.js";
import type { Call } from "../../ports/call.js";
import type { ServiceContext } from "../service-context.js";
import type { GoogleTokens } from "./tokens.js";

/** What is asked, and in whose name it is counted. */
export interface GoogleQuestion {
  readonly label: string;
  readonly address: string;
}

/**
 * Asks a Google API something with a fresh token, renewing it once when it is not taken, and gives the JSON that comes. Throws what
 * statuses mean (`statusFailure`), and `<account>.api-disabled` (user) where the project's owner has not switched the API on.
 */
export function askGoogle(
  context: ServiceContext,
  tokens: GoogleTokens,
  { label, address }: GoogleQuestion,
  call: Call,
): Promise<unknown> {
  const { account, fetch, policy, time } = context;
  let refused: string | undefined;
  const ask = async (attempt: Call): Promise<Response> => {
    const token = await tokens.accessToken(attempt, refused);
    const headers = { Authorization: `Bearer ${token}` };
    const response = await fetch(address, { headers, signal: attempt.signal });
    if (response.status !== 401 || refused !== undefined) return response;
    await response.body?.cancel();
    refused = token;
    return ask(attempt);
  };
  return policy.run(
    { label, lane: "read", isRepeatable: true },
    async (attempt) => {
      const response = await ask(attempt);
      const text = await response.text();
      const body = parsed(text);
      if (response.ok) return body;
      const { status, headers } = response;
      throw (
        disabled(account, status, body) ??
        statusFailure({ account, label, status, headers, said: saidIn(body), nowMs: time.nowMs() })
      );
    },
    call,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** `error.message` of google.rpc.Status. */
const saidIn = (body: unknown): string => textIn(body, "error", "message");

/** A text in an outside value; empty where there is none. */
export function textIn(value: unknown, ...path: readonly string[]): string {
  let at = value;
  for (const name of path) at = typeof at === "object" && at !== null ? Reflect.get(at, name) : undefined;
  return typeof at === "string" ? at : "";
}

/** A project in which the API was never switched on answers 403 with the reason `SERVICE_DISABLED`. */
function disabled(account: string, status: number, body: unknown): PhotosyncError | null {
  if (status !== 403 || !JSON.stringify(body).includes('"SERVICE_DISABLED"')) return null;
  return new PhotosyncError({
    kind: "user",
    code: `${account}.api-disabled`,
    message: "The API is not switched on in your Google Cloud project.",
    next: [
      "Switch it on at https://console.cloud.google.com/apis/library, wait a few minutes, and run the command again.",
    ],
    data: { status },
  });
}
