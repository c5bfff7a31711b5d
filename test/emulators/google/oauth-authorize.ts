import { KNOWN_SCOPES } from "./bearer.js";
import { escaped, html, type Incoming, type Reply, type World } from "./reply.js";
import { freshId } from "./state.js";

/** What the browser shows when the request itself is wrong; the app never hears of it. */
const errorPage = (status: number, error: string, words: string): Reply =>
  html(
    status,
    `<title>Error ${status}: ${error}</title>\n<h1>Access blocked</h1>\n<p>${escaped(words)}\n<p>Error ${status}: ${error}`,
  );

/** Desktop clients come back to any port of the loopback interface, over plain http. */
function isLoopback(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  const isLocal = ["127.0.0.1", "[::1]", "localhost"].includes(url.hostname);
  return url.protocol === "http:" && isLocal && url.hash === "" && url.username === "";
}

const CHALLENGE = /^[A-Za-z0-9_-]{43}$/;

function problemOf(query: URLSearchParams, world: World): Reply | null {
  const client = world.state.clients.find(({ id }) => id === query.get("client_id"));
  if (client === undefined) return errorPage(401, "invalid_client", "The OAuth client was not found.");
  const redirect = query.get("redirect_uri") ?? "";
  if (redirect === "") {
    return errorPage(400, "invalid_request", "Missing required parameter: redirect_uri");
  }
  if (redirect.startsWith("urn:ietf:wg:oauth:2.0:oob")) {
    return errorPage(
      400,
      "invalid_request",
      "The out-of-band (OOB) flow has been blocked in order to keep users secure.",
    );
  }
  if (!isLoopback(redirect)) {
    return errorPage(
      400,
      "redirect_uri_mismatch",
      `You can't sign in because this app sent an invalid request: ${redirect}`,
    );
  }
  if (query.get("response_type") !== "code") {
    return errorPage(400, "unsupported_response_type", "Missing or wrong required parameter: response_type");
  }
  const scopes = scopesOf(query);
  const unknown = scopes.filter((scope) => !KNOWN_SCOPES.includes(scope));
  if (scopes.length === 0) return errorPage(400, "invalid_request", "Missing required parameter: scope");
  if (unknown.length > 0) {
    return errorPage(
      400,
      "invalid_scope",
      `Some requested scopes were invalid. {invalid=[${unknown.join(", ")}]}`,
    );
  }
  const challenge = query.get("code_challenge");
  if (challenge === null) return null;
  const isS256 = query.get("code_challenge_method") === "S256" && CHALLENGE.test(challenge);
  return isS256
    ? null
    : errorPage(400, "invalid_request", "Invalid code challenge or code challenge method.");
}

const scopesOf = (query: URLSearchParams): readonly string[] =>
  (query.get("scope") ?? "").split(" ").filter((scope) => scope !== "");

const redirected = (to: string, parameters: Readonly<Record<string, string | null>>): Reply => {
  const url = new URL(to);
  for (const [name, value] of Object.entries(parameters))
    if (value !== null) url.searchParams.set(name, value);
  return { status: 302, headers: { location: url.href }, body: "" };
};

/** A page with the owner's two choices, for a person at a browser. */
function consentPage(request: Incoming, scopes: readonly string[], email: string): Reply {
  const link = (decision: string): string => {
    const query = new URLSearchParams(request.query);
    query.set("emulator_decision", decision);
    return escaped(`?${query.toString()}`);
  };
  const wishes = scopes.map((scope) => `<li><code>${escaped(scope)}</code>`).join("\n");
  return html(
    200,
    `<title>Sign in - emulated Google</title>\n<h1>photosync wants access to the account of ${escaped(email)}</h1>\n<ul>\n${wishes}\n</ul>\n<p><a href="${link("allow")}">Allow</a> <a href="${link("deny")}">Deny</a>`,
  );
}

/** `GET /o/oauth2/v2/auth`: what the system browser opens. Redirects as the state's `consent` says, or asks the person. */
export function authorize(request: Incoming, world: World): Reply {
  const problem = problemOf(request.query, world);
  if (problem !== null) return problem;
  const { state, clock } = world;
  const asked = scopesOf(request.query);
  const redirectUri = request.query.get("redirect_uri") ?? "";
  const back = request.query.get("state");
  const decision = request.query.get("emulator_decision");
  const consent = state.consent;
  if (consent.kind === "ask" && decision === null) return consentPage(request, asked, consent.email);
  if (consent.kind === "refuse" || decision === "deny") {
    return redirected(redirectUri, { error: "access_denied", state: back });
  }
  const unticked = consent.kind === "agree" ? (consent.untick ?? []) : [];
  const scopes = asked.filter((scope) => !unticked.includes(scope));
  const code = freshId(state, "4/0A", 70);
  state.codes.set(code, {
    code,
    clientId: request.query.get("client_id") ?? "",
    email: consent.email,
    redirectUri,
    challenge: request.query.get("code_challenge") ?? undefined,
    scopes,
    issuedMs: clock.nowMs(),
  });
  return redirected(redirectUri, { state: back, code, scope: scopes.join(" ") });
}
