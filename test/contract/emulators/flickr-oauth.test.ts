import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addAccount, addApp } from "../../emulators/flickr/machine/seeding.js";
import type { App } from "../../emulators/flickr/machine/state.js";
import { asForm, signed } from "../../emulators/flickr/raw-client.js";
import { type SignedIn, signIn } from "../../emulators/flickr/signed-in.js";
import { type FlickrEmulator, startFlickrEmulator } from "../../emulators/flickr/start.js";

const NOW = 1_700_000_000;
const clock = { now: () => "2023-11-14T22:13:20Z" };

let emulator: FlickrEmulator;
beforeEach(async () => {
  emulator = await startFlickrEmulator({ clock });
});
afterEach(() => emulator.close());

/** A signed GET of the API: what is not told is as it should be. */
async function login(
  by: SignedIn,
  told: { at?: number; nonce?: string; more?: Record<string, string> } = {},
) {
  const { rest } = emulator.endpoints;
  const own = { method: "flickr.test.login", format: "json", nojsoncallback: "1" };
  const query = signed("GET", rest, own, { by, at: told.at ?? NOW, nonce: told.nonce ?? "n" });
  const answer = await fetch(`${rest}?${asForm({ ...query, ...told.more })}`);
  return { status: answer.status, text: await answer.text() };
}

async function requestToken(app: App, oauth_callback: string): Promise<Record<string, string>> {
  const url = `${emulator.endpoints.oauth}/request_token`;
  const query = signed("GET", url, { oauth_callback }, { by: { app }, at: NOW, nonce: oauth_callback });
  const answer = await fetch(`${url}?${asForm(query)}`);
  return Object.fromEntries(new URLSearchParams(await answer.text()));
}

const accessToken = async (app: App, request: Record<string, string>, verifier: string) => {
  const url = `${emulator.endpoints.oauth}/access_token`;
  const [token, secret] = [request["oauth_token"] ?? "", request["oauth_token_secret"] ?? ""];
  const by = {
    app,
    token: { token, secret, appKey: app.key, nsid: "", perms: "none" as const, isRevoked: false },
  };
  const query = signed("GET", url, { oauth_verifier: verifier }, { by, at: NOW, nonce: `v ${verifier}` });
  const answer = await fetch(`${url}?${asForm(query)}`);
  return { status: answer.status, text: await answer.text() };
};

describe("OAuth 1.0a of the emulated Flickr", () => {
  it("takes a request that is signed for the address as called, once", async () => {
    const by = signIn(emulator);
    expect(await login(by)).toMatchObject({ status: 200 });
    expect(await login(by)).toEqual({ status: 401, text: "oauth_problem=nonce_used" });
    expect(await login(by, { nonce: "another" })).toMatchObject({ status: 200 });
  });

  it("refuses clocks that are more than five minutes off", async () => {
    const by = signIn(emulator);
    expect(await login(by, { at: NOW - 300, nonce: "1" })).toMatchObject({ status: 200 });
    for (const at of [NOW - 301, NOW + 301]) {
      expect(await login(by, { at })).toEqual({ status: 401, text: "oauth_problem=timestamp_refused" });
    }
  });

  it("refuses what was changed after signing, and an api_key beside a signature", async () => {
    const by = signIn(emulator);
    const { text } = await login(by, { more: { extra: "1" } });
    expect(text).toMatch(/^oauth_problem=signature_invalid&debug_sbs=GET&http%3A%2F%2F127/);
    const withKey = await login(by, { more: { api_key: by.app.key } });
    expect(withKey).toMatchObject({ status: 401 });
  });

  it("names what is absent, unknown or revoked, in text", async () => {
    const by = signIn(emulator);
    const bare = await fetch(`${emulator.endpoints.rest}?oauth_consumer_key=x`);
    expect(bare.headers.get("content-type")).toBe("text/plain;charset=UTF-8");
    expect(await bare.text()).toBe(
      "oauth_problem=parameter_absent&oauth_parameters_absent=oauth_nonce%26oauth_signature%26oauth_signature_method%26oauth_timestamp",
    );
    const stranger = { ...by, app: { ...by.app, key: "0".repeat(32) } };
    expect((await login(stranger)).text).toBe("oauth_problem=consumer_key_unknown");
    emulator.state.accessTokens.set(by.token.token, { ...by.token, isRevoked: true });
    expect(await login(by)).toEqual({ status: 401, text: "oauth_problem=token_rejected" });
  });

  it("signs in by a code of nine digits, with or without dashes, for the rights that were granted", async () => {
    const app = addApp(emulator.machine);
    addAccount(emulator.machine, { nsid: "22222222@N02" });
    const request = await requestToken(app, "oob");
    const page = `${emulator.endpoints.oauth}/authorize?oauth_token=${request["oauth_token"]}&perms=write`;
    expect(await (await fetch(page)).text()).toContain("right to <b>write</b>");
    const decided = emulator.authorize(page, { as: "22222222@N02" });
    const code = decided.kind === "code" ? decided.code : "";
    expect(code).toMatch(/^\d{3}-\d{3}-\d{3}$/);
    expect((await accessToken(app, request, "000000000")).text).toBe("oauth_problem=verifier_invalid");
    const access = await accessToken(app, request, code.replace("-", ""));
    const fields = new URLSearchParams(access.text);
    expect(fields.get("user_nsid")).toBe("22222222@N02");
    expect(emulator.state.accessTokens.get(fields.get("oauth_token") ?? "")?.perms).toBe("write");
  });

  it("lets a person decide on its page, and calls back nobody who was refused", async () => {
    const app = addApp(emulator.machine);
    addAccount(emulator.machine, { nsid: "22222222@N02" });
    const decide = async (decision: string) => {
      const { oauth_token = "" } = await requestToken(app, `http://127.0.0.1:9/${decision}`);
      const body = asForm({ oauth_token, perms: "read", nsid: "22222222@N02", decision });
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      const address = `${emulator.endpoints.oauth}/authorize`;
      return fetch(address, { method: "POST", body, headers, redirect: "manual" });
    };
    expect((await decide("allow")).headers.get("location")).toMatch(
      /^http:\/\/127\.0\.0\.1:9\/allow\?oauth_token=72157\d+-[0-9a-f]{16}&oauth_verifier=[0-9a-f]{16}$/,
    );
    const refused = await decide("refuse");
    expect([refused.status, refused.headers.get("location")]).toEqual([200, null]);
  });

  it("has a key tell what is wrong with it", async () => {
    const ask = async (key: string) =>
      (
        await fetch(
          `${emulator.endpoints.rest}?method=flickr.test.echo&format=json&nojsoncallback=1&api_key=${key}`,
        )
      ).json();
    const expired = addApp(emulator.machine, { isExpired: true });
    expect(await ask("x")).toMatchObject({ code: 100, message: "Invalid API Key (Key has invalid format)" });
    expect(await ask("0".repeat(32))).toMatchObject({ message: "Invalid API Key (Key not found)" });
    expect(await ask(expired.key)).toMatchObject({ message: "Invalid API Key (Key has expired)" });
    expect(await ask(addApp(emulator.machine).key)).toMatchObject({ stat: "ok" });
  });
});

describe("open points of Flickr's OAuth", () => {
  it("can be 400, a call back with the refusal, and code 98 for a revoked token", async () => {
    const options = { oauthProblemStatus: 400, refusal: "callback", revokedToken: "98" } as const;
    await emulator.close();
    emulator = await startFlickrEmulator({ clock, options });
    const by = signIn(emulator);
    expect(await login(by, { at: 1 })).toMatchObject({ status: 400 });
    emulator.state.accessTokens.set(by.token.token, { ...by.token, isRevoked: true });
    expect(JSON.parse((await login(by)).text)).toMatchObject({ stat: "fail", code: 98 });
    const { oauth_token } = await requestToken(by.app, "http://127.0.0.1:9/");
    const decided = emulator.authorize(`http://x/?oauth_token=${oauth_token}`, "refuse");
    expect(decided).toMatchObject({ kind: "redirect" });
  });
});
