import { createHash } from "node:crypto";
import { createFlickr } from "flickr-sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../src/infra/clock.js";
import { jpegFor } from "../../emulators/flickr/http/pictures.js";
import { addAccount, addApp, addPhoto } from "../../emulators/flickr/machine/seeding.js";
import { sdkFor, signIn } from "../../emulators/flickr/signed-in.js";
import { type FlickrEmulator, startFlickrEmulator } from "../../emulators/flickr/start.js";
import { SwappedOrigin } from "../../emulators/flickr/swapped-origin.js";

let emulator: FlickrEmulator;
beforeEach(async () => {
  emulator = await startFlickrEmulator({ clock: systemClock });
});
afterEach(() => emulator.close());

const PRIVATE = { is_public: "0", is_friend: "0", is_family: "0" } as const;
const sent = (bytes: Uint8Array, name = "harbour.jpg") => new File([Buffer.from(bytes)], name);
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

describe("flickr-sdk 7.1.0 against the emulator", () => {
  it("signs in through a loopback callback, and a request token works once", async () => {
    const app = addApp(emulator.machine);
    const account = addAccount(emulator.machine, {
      nsid: "22222222@N02",
      username: "ada",
      realname: "Ada L",
    });
    const transport = new SwappedOrigin(emulator.endpoints);
    const key = { consumerKey: app.key, consumerSecret: app.secret };
    const first = createFlickr({ ...key, oauthToken: false, oauthTokenSecret: false }, transport);
    const { requestToken, requestTokenSecret } = await first.oauth.request("http://127.0.0.1:9/back");
    const decided = emulator.authorize(first.oauth.authorizeUrl(requestToken, "write"), { as: account.nsid });
    const verifier = decided.kind === "redirect" ? new URL(decided.location).searchParams : new Map();
    expect(verifier.get("oauth_token")).toBe(requestToken);
    const second = createFlickr(
      { ...key, oauthToken: requestToken, oauthTokenSecret: requestTokenSecret },
      transport,
    );
    const access = await second.oauth.verify(String(verifier.get("oauth_verifier")));
    expect(access).toMatchObject({ nsid: account.nsid, username: "ada", fullname: "Ada L" });
    await expect(second.oauth.verify(String(verifier.get("oauth_verifier")))).rejects.toMatchObject({
      cause: { status: 401 },
    });
    const { oauthToken, oauthTokenSecret } = access;
    const { flickr } = createFlickr({ ...key, oauthToken, oauthTokenSecret }, transport);
    await expect(flickr("flickr.auth.oauth.checkToken", { oauth_token: oauthToken })).resolves.toMatchObject({
      oauth: { perms: { _content: "write" }, user: { nsid: account.nsid } },
      stat: "ok",
    });
  });

  it("uploads private photos, lists them and gives the very bytes back without a signature", async () => {
    const { flickr, upload } = sdkFor(emulator, signIn(emulator));
    const bytes = jpegFor("the harbour");
    const fields = { ...PRIVATE, title: "Häfen & Schiffe (1)!", description: "", tags: 'one "Two Words"' };
    const made = await upload(sent(bytes), fields);
    expect(emulator.machine.whoCanSee(made.id)).toEqual(new Set(["owner"]));
    const { photos } = await flickr("flickr.people.getPhotos", {
      user_id: "me",
      per_page: "900",
      extras: "url_o,original_format,tags,o_dims",
    });
    expect(photos).toMatchObject({ perpage: 500, total: 1 });
    expect(photos.photo[0]).toMatchObject({
      id: made.id,
      title: "Häfen & Schiffe (1)!",
      ispublic: 0,
      tags: "one twowords",
      originalsecret: made.originalsecret,
    });
    const answer = await fetch(photos.photo[0].url_o);
    expect(sha256(new Uint8Array(await answer.arrayBuffer()))).toBe(sha256(bytes));
  });

  it("sets perms by a signed multipart POST and refuses what the token may not", async () => {
    const signedIn = signIn(emulator);
    const { flickr } = sdkFor(emulator, signedIn);
    const photo = addPhoto(emulator.machine, { owner: signedIn.account.nsid });
    await flickr("flickr.photos.setPerms", { photo_id: photo.id, ...PRIVATE, is_friend: "1" });
    expect(emulator.machine.whoCanSee(photo.id)).toEqual(new Set(["owner", "friend", "friend+family"]));
    await expect(flickr("flickr.photos.delete", { photo_id: photo.id })).rejects.toMatchObject({
      message: "Insufficient permissions. Method requires delete privileges; write granted.",
      cause: { code: 99 },
    });
    expect(emulator.state.photos.has(photo.id)).toBe(true);
  });

  it("answers a signature by another secret with 401 and text, REST too", async () => {
    const signedIn = signIn(emulator);
    const { flickr } = sdkFor(emulator, { ...signedIn, token: { ...signedIn.token, secret: "0000" } });
    const failure = await flickr("flickr.test.login", {}).catch((error: unknown) => error);
    const cause = failure instanceof Error && failure.cause instanceof Response ? failure.cause : null;
    expect(cause?.status).toBe(401);
    expect(await cause?.text()).toMatch(/^oauth_problem=signature_invalid&debug_sbs=GET&http/);
  });
});
