import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../src/infra/clock.js";
import { inProcessFlickr } from "../../emulators/flickr/in-process.js";
import { addPhoto } from "../../emulators/flickr/machine/seeding.js";
import { type SignedIn, sdkFor, signIn } from "../../emulators/flickr/signed-in.js";
import { type FlickrEmulator, startFlickrEmulator } from "../../emulators/flickr/start.js";

let emulator: FlickrEmulator;
let signedIn: SignedIn;
const restart = async (options: Parameters<typeof startFlickrEmulator>[0]["options"] = {}) => {
  await emulator?.close();
  emulator = await startFlickrEmulator({ clock: systemClock, options });
  signedIn = signIn(emulator);
};
beforeEach(() => restart());
afterEach(() => emulator.close());

const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const original = (photo: { readonly id: string; readonly originalSecret: string }, extension = "jpg") =>
  `${emulator.endpoints.static}/65535/${photo.id}_${photo.originalSecret}_o.${extension}`;

describe("the emulated Flickr's static host", () => {
  it("gives an original to whoever has its secret, and nothing to who has another or another ending", async () => {
    emulator.files.put("harbour", bytes("harbour"));
    const photo = addPhoto(emulator.machine, { owner: signedIn.account.nsid, file: "harbour" });
    expect(await (await fetch(original(photo))).text()).toBe("harbour");
    for (const address of [
      original({ ...photo, originalSecret: photo.secret }),
      original(photo, "png"),
      original({ ...photo, id: "1" }),
    ]) {
      const missing = await fetch(address);
      expect([missing.status, await missing.text()]).toEqual([404, ""]);
    }
  });

  it("gives smaller sizes at the addresses that lists tell, each with bytes of its own", async () => {
    addPhoto(emulator.machine, { owner: signedIn.account.nsid });
    const { flickr } = sdkFor(emulator, signedIn);
    const { photos } = await flickr("flickr.people.getPhotos", {
      user_id: "me",
      extras: "url_sq,url_l,url_k,url_o",
    });
    const [photo] = photos.photo;
    const bodies = ["sq", "l", "k", "o"].map(async (size) => {
      const answer = await fetch(photo[`url_${size}`]);
      expect(answer.headers.get("content-type")).toBe("image/jpeg");
      return answer.text();
    });
    expect(new Set(await Promise.all(bodies)).size).toBe(4);
  });

  it("gives a video's poster as its original, and the video by a way that ends in a signed address", async () => {
    emulator.files.put("film", bytes("moving pictures"));
    const owner = signedIn.account.nsid;
    const video = addPhoto(emulator.machine, { owner, media: "video", originalFormat: "mov", file: "film" });
    const { flickr } = sdkFor(emulator, signedIn);
    const poster = await fetch(original(video));
    expect(poster.headers.get("content-type")).toBe("image/jpeg");
    const { sizes } = await flickr("flickr.photos.getSizes", { photo_id: video.id });
    const { source } = sizes.size.find((size: { label: string }) => size.label === "Video Original");
    const hop = await fetch(source, { redirect: "manual" });
    const location = hop.headers.get("location") ?? "";
    expect([hop.status, new URL(location).pathname]).toEqual([
      302,
      `/video/${video.id}/${video.originalSecret}/orig.mov`,
    ]);
    const answer = await fetch(location);
    expect([answer.headers.get("content-type"), await answer.text()]).toEqual([
      "video/quicktime",
      "moving pictures",
    ]);
    expect((await fetch(location.replace(/s=\d/, "s=9"))).status).toBe(403);
    // The SDK's types know nothing of this method.
    const args = { photo_id: video.id, secret: video.secret };
    const streams = emulator.machine.call("flickr.video.getStreamInfo", args, { nsid: owner, perms: "read" });
    expect(JSON.stringify(streams)).toContain(`/video/${video.id}/${video.originalSecret}/orig.mov?s=`);
  });

  it("can show a picture of its own instead of 404, refuse video originals, and give parts", async () => {
    await restart({ unavailable: "picture", videoOriginal: "missing", servesRanges: true });
    emulator.files.put("harbour", bytes("harbour"));
    const owner = signedIn.account.nsid;
    const photo = addPhoto(emulator.machine, { owner, file: "harbour" });
    const gone = await fetch(original({ ...photo, id: "1" }));
    expect([gone.status, gone.redirected, gone.headers.get("content-type")]).toEqual([
      200,
      true,
      "image/png",
    ]);
    const part = await fetch(original(photo), { headers: { range: "bytes=4-" } });
    expect([part.status, part.headers.get("content-range"), await part.text()]).toEqual([
      206,
      "bytes 4-6/7",
      "our",
    ]);
    const video = addPhoto(emulator.machine, { owner, media: "video" });
    const play = `${emulator.endpoints.static}/photos/x/${video.id}/play/orig/${video.originalSecret}/`;
    expect((await fetch(play)).status).toBe(404);
  });

  it.each([
    ["missing", 404],
    ["reduced", 200],
  ] as const)("can tell a free account an original that is %s", async (freeOriginals, status) => {
    await restart({ freeOriginals });
    signedIn = signIn(emulator, { isPro: false });
    emulator.files.put("harbour", bytes("harbour"));
    addPhoto(emulator.machine, { owner: signedIn.account.nsid, file: "harbour" });
    const { flickr } = sdkFor(emulator, signedIn);
    const { photos } = await flickr("flickr.people.getPhotos", { user_id: "me", extras: "url_o" });
    const answer = await fetch(photos.photo[0].url_o);
    expect(answer.status).toBe(status);
    expect(await answer.text()).not.toBe("harbour");
  });

  it("takes a large upload to disk and gives it back", async () => {
    const { upload } = sdkFor(emulator, signedIn);
    const large = new Uint8Array(6 * 1024 * 1024).fill(7);
    large.set([0xff, 0xd8, 0xff, 0xe0]);
    const flags = { is_public: "0", is_friend: "0", is_family: "0" } as const;
    const made = await upload(new File([large], "large.jpg"), flags);
    const answer = await fetch(original({ id: made.id, originalSecret: made.originalsecret }));
    expect(Buffer.from(await answer.arrayBuffer()).equals(large)).toBe(true);
  });

  it("follows the way to a video without a socket as well", async () => {
    const flickr = inProcessFlickr({ clock: systemClock });
    flickr.files.put("film", bytes("moving pictures"));
    const video = addPhoto(flickr.machine, {
      owner: "1@N01",
      media: "video",
      file: "film",
      isPublic: true,
      license: "4",
    });
    const play = `https://www.flickr.com/photos/x/${video.id}/play/orig/${video.originalSecret}/`;
    const answer = await flickr.fetch(play);
    expect([new URL(answer.url).host, await answer.text()]).toEqual([
      "live.staticflickr.com",
      "moving pictures",
    ]);
  });
});
