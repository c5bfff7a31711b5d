import { createHash, randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SCOPES } from "../../emulators/google/bearer.js";
import { type Sample, startSample } from "../../emulators/google/sample.js";
import { SAMPLE_CLIENT, SAMPLE_EMAIL, SAMPLE_SECRET } from "../../emulators/google/seed.js";

const REDIRECT = "http://127.0.0.1:45671/back";
const DAY_MS = 24 * 3_600_000;
let google: Sample;
beforeEach(async () => {
  google = await startSample();
  google.state.consent = { kind: "agree", email: SAMPLE_EMAIL };
});
afterEach(() => google.close());

const verifier = randomBytes(48).toString("base64url");
const challenge = createHash("sha256").update(verifier).digest("base64url");

async function authorize(parameters: Readonly<Record<string, string>> = {}): Promise<Response> {
  const query = new URLSearchParams({
    client_id: SAMPLE_CLIENT,
    redirect_uri: REDIRECT,
    response_type: "code",
    scope: `${SCOPES.append} ${SCOPES.read}`,
    state: "s1",
    code_challenge: challenge,
    code_challenge_method: "S256",
    ...parameters,
  });
  return fetch(`${google.endpoints.auth}?${query}`, { redirect: "manual" });
}

const backFrom = (response: Response): URLSearchParams =>
  new URL(response.headers.get("location") ?? "").searchParams;

async function post(
  url: string,
  form: Readonly<Record<string, string>>,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(url, { method: "POST", body: new URLSearchParams(form) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const exchange = (code: string, form: Readonly<Record<string, string>> = {}) =>
  post(google.endpoints.token, {
    grant_type: "authorization_code",
    code,
    client_id: SAMPLE_CLIENT,
    client_secret: SAMPLE_SECRET,
    redirect_uri: REDIRECT,
    code_verifier: verifier,
    ...form,
  });

const refresh = (refreshToken: unknown) =>
  post(google.endpoints.token, {
    grant_type: "refresh_token",
    refresh_token: String(refreshToken),
    client_id: SAMPLE_CLIENT,
    client_secret: SAMPLE_SECRET,
  });

describe("the consent page", () => {
  test("comes back with a code, the state and the scopes that were ticked", async () => {
    google.state.consent = { kind: "agree", email: SAMPLE_EMAIL, untick: [SCOPES.read] };
    const back = backFrom(await authorize());
    expect([back.get("state"), back.get("scope")]).toEqual(["s1", SCOPES.append]);
    expect(back.get("code")).toMatch(/^4\/0A/);
  });

  test("comes back with access_denied when the owner refuses", async () => {
    google.state.consent = { kind: "refuse" };
    const back = backFrom(await authorize());
    expect([back.get("error"), back.get("state"), back.get("code")]).toEqual(["access_denied", "s1", null]);
  });

  test("asks a person where the state says so", async () => {
    google.state.consent = { kind: "ask", email: SAMPLE_EMAIL };
    const page = await (await authorize()).text();
    expect(page).toContain("Allow");
    expect(backFrom(await authorize({ emulator_decision: "deny" })).get("error")).toBe("access_denied");
    expect(backFrom(await authorize({ emulator_decision: "allow" })).get("code")).not.toBeNull();
  });

  test.each([
    ["another client", { client_id: "nobody" }, 401],
    ["a redirect away from this computer", { redirect_uri: "https://example.org/back" }, 400],
    ["the retired way of pasting codes", { redirect_uri: "urn:ietf:wg:oauth:2.0:oob" }, 400],
    ["an unknown scope", { scope: "https://www.googleapis.com/auth/everything" }, 400],
    ["a plain challenge", { code_challenge_method: "plain" }, 400],
    ["no response type", { response_type: "token" }, 400],
  ])("shows %s as an error in the browser", async (_, parameters, status) => {
    const response = await authorize(parameters);
    expect([response.status, response.headers.get("content-type")]).toEqual([
      status,
      "text/html; charset=UTF-8",
    ]);
  });
});

describe("the token endpoint", () => {
  const code = async () => backFrom(await authorize()).get("code") ?? "";

  test("gives tokens for a code, once; a second use ends what the first gave", async () => {
    const given = await code();
    const { status, body } = await exchange(given);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      expires_in: 3599,
      token_type: "Bearer",
      scope: `${SCOPES.append} ${SCOPES.read}`,
    });
    expect((await exchange(given)).body).toMatchObject({ error: "invalid_grant" });
    expect((await refresh(body["refresh_token"])).body).toMatchObject({ error: "invalid_grant" });
  });

  test.each([
    ["another verifier", { code_verifier: "x".repeat(43) }, 400, "invalid_grant"],
    ["no verifier", { code_verifier: "" }, 400, "invalid_grant"],
    ["another redirect", { redirect_uri: `${REDIRECT}/` }, 400, "redirect_uri_mismatch"],
    ["a wrong secret", { client_secret: "guess" }, 401, "invalid_client"],
    ["no secret", { client_secret: "" }, 400, "invalid_request"],
    ["a garbled code", { code: "4/0Ax" }, 400, "invalid_grant"],
    ["another grant", { grant_type: "password" }, 400, "unsupported_grant_type"],
  ])("refuses %s", async (_, form, status, error) => {
    const refused = await exchange(await code(), form);
    expect([refused.status, refused.body["error"]]).toEqual([status, error]);
  });

  test("refuses a code after ten minutes", async () => {
    const given = await code();
    google.clock.advance(11 * 60_000);
    expect((await exchange(given)).body["error"]).toBe("invalid_grant");
  });

  test("refreshes without a new refresh token until it is revoked", async () => {
    const { body } = await exchange(await code());
    const again = await refresh(body["refresh_token"]);
    expect(again.status).toBe(200);
    expect(again.body["refresh_token"]).toBeUndefined();
    expect(again.body["access_token"]).not.toBe(body["access_token"]);
    expect((await post(google.endpoints.revoke, { token: String(again.body["access_token"]) })).status).toBe(
      200,
    );
    expect((await refresh(body["refresh_token"])).body).toEqual({
      error: "invalid_grant",
      error_description: "Token has been expired or revoked.",
    });
    expect((await post(google.endpoints.revoke, { token: "unknown" })).body["error"]).toBe("invalid_token");
  });

  test("lets tokens of an app in testing die after seven days", async () => {
    const [client] = google.state.clients;
    if (client !== undefined) client.publishing = "testing";
    const { body } = await exchange(await code());
    expect(body["refresh_token_expires_in"]).toBe(604_799);
    google.clock.advance(6.9 * DAY_MS);
    expect((await refresh(body["refresh_token"])).status).toBe(200);
    google.clock.advance(0.2 * DAY_MS);
    expect((await refresh(body["refresh_token"])).body["error"]).toBe("invalid_grant");
  });
});

test("an access token ends after an hour, and is told apart from none", async () => {
  const list = () => google.send("GET", `${google.endpoints.library}/v1/mediaItems`);
  expect((await list()).status).toBe(200);
  google.clock.advance(3_599_000);
  const late = await list();
  expect([late.status, late.headers.has("www-authenticate")]).toEqual([401, true]);
  expect(await late.json()).toMatchObject({
    error: { status: "UNAUTHENTICATED", details: [{ reason: "ACCESS_TOKEN_EXPIRED" }] },
  });
  const none = await fetch(`${google.endpoints.library}/v1/mediaItems`);
  expect(await none.json()).toMatchObject({ error: { details: [{ reason: "CREDENTIALS_MISSING" }] } });
});
