import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../src/infra/clock.js";
import { jpegFor } from "../../emulators/flickr/http/pictures.js";
import { inProcessFlickr } from "../../emulators/flickr/in-process.js";
import { addApp, addPhoto } from "../../emulators/flickr/machine/seeding.js";
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

const PRIVATE = { is_public: "0", is_friend: "0", is_family: "0" } as const;
const photoFile = (text: string) => new File([Buffer.from(jpegFor(text))], "a.jpg");
const causeOf = (error: unknown): unknown => (error instanceof Error ? error.cause : undefined);
const statusOf = (error: unknown): unknown => {
  const cause = causeOf(error);
  return cause instanceof Response ? cause.status : cause;
};

describe("the emulated Flickr's wire", () => {
  it("speaks XML unless asked for JSON, which is wrapped unless asked not to be", async () => {
    const { key } = addApp(emulator.machine);
    const ask = async (more: string) => {
      const answer = await fetch(`${emulator.endpoints.rest}/?method=flickr.nonsense&api_key=${key}${more}`);
      return [answer.status, answer.headers.get("content-type"), await answer.text()];
    };
    const message = 'Method \\"flickr.nonsense\\" not found';
    expect(await ask("")).toEqual([
      200,
      "text/xml; charset=utf-8",
      '<?xml version="1.0" encoding="utf-8" ?>\n<rsp stat="fail">\n\t<err code="112" msg="Method &#34;flickr.nonsense&#34; not found" />\n</rsp>\n',
    ]);
    const json = `{"stat":"fail","code":112,"message":"${message}"}`;
    expect((await ask("&format=json"))[2]).toBe(`jsonFlickrApi(${json})`);
    expect((await ask("&format=json&nojsoncallback=1"))[2]).toBe(json);
  });

  it("takes setters by POST alone", async () => {
    const { flickr } = sdkFor(emulator, signedIn);
    const { key } = signedIn.app;
    const query = `method=flickr.photos.setMeta&api_key=${key}&format=json&nojsoncallback=1`;
    expect(await (await fetch(`${emulator.endpoints.rest}?${query}`)).json()).toMatchObject({ code: 116 });
    await expect(flickr("flickr.photos.setMeta", { photo_id: "1", title: "x" })).rejects.toMatchObject({
      cause: { code: 1 },
    });
  });

  it("is not fooled by line breaks: a multipart form turns them into CRLF after the SDK has signed them", async () => {
    const { flickr } = sdkFor(emulator, signedIn);
    const photo = addPhoto(emulator.machine, { owner: signedIn.account.nsid });
    const say = (description: string) => flickr("flickr.photos.setMeta", { photo_id: photo.id, description });
    expect(statusOf(await say("two\nlines").catch((error: unknown) => error))).toBe(401);
    await say("two\r\nlines");
    expect(emulator.machine.photo(photo.id).description).toBe("two\r\nlines");
  });

  it("answers 429 with 117 bytes of HTML past the hour's calls", async () => {
    await restart({ hourlyBudget: 2 });
    const { flickr } = sdkFor(emulator, signedIn);
    await flickr("flickr.test.login", {});
    await flickr("flickr.test.login", {});
    const cause = causeOf(await flickr("flickr.test.login", {}).catch((error: unknown) => error));
    const answer = cause instanceof Response ? cause : new Response();
    expect([answer.status, answer.headers.get("content-type")]).toEqual([429, "text/html"]);
    expect(answer.headers.get("retry-after")).toBeNull();
    expect((await answer.text()).length).toBe(117);
  });

  it("refuses uploads in XML with status 200, and names a duplicate in either form", async () => {
    const refused = async () => {
      const { upload } = sdkFor(emulator, signedIn);
      await upload(photoFile("twice"), PRIVATE);
      return upload(photoFile("twice"), { ...PRIVATE, dedup_check: "1" } as typeof PRIVATE).catch(
        (error: unknown) => error,
      );
    };
    expect(statusOf(await refused())).toBe(200);
    expect(emulator.log.at(-1)).toMatchObject({ endpoint: "upload", status: 200, failure: 9 });
    await restart({ duplicateForm: "elements" });
    expect(await refused()).toMatchObject({ message: "Duplicate photo/video detected" });
  });

  it("keeps a log without secrets", async () => {
    const { flickr, upload } = sdkFor(emulator, signedIn);
    const made = await upload(photoFile("log"), { ...PRIVATE, title: "x" });
    await flickr("flickr.photos.getInfo", { photo_id: made.id, secret: made.secret });
    await fetch(`${emulator.endpoints.static}/65535/${made.id}_${made.originalsecret}_o.jpg`);
    expect(emulator.log.map(({ endpoint, call, path, status }) => [endpoint, call, path, status])).toEqual([
      ["upload", null, "/services/upload", 200],
      ["rest", "flickr.photos.getInfo", "/services/rest", 200],
      ["static", null, `/65535/${made.id}_…_o.jpg`, 200],
    ]);
    const text = JSON.stringify(emulator.log);
    for (const secret of [made.secret, made.originalsecret, signedIn.token.token, signedIn.app.key]) {
      expect(text).not.toContain(secret);
    }
  });

  it("does the same without a socket", async () => {
    const flickr = inProcessFlickr({ clock: systemClock, seed: 3 });
    const owner = signIn({ ...emulator, ...flickr });
    const photo = addPhoto(flickr.machine, { owner: owner.account.nsid, isPublic: true });
    const query = `method=flickr.photos.getSizes&api_key=${owner.app.key}&photo_id=${photo.id}&format=json&nojsoncallback=1`;
    const sizes = await (await flickr.fetch(`https://api.flickr.com/services/rest/?${query}`)).json();
    expect(sizes).toMatchObject({ stat: "ok" });
    flickr.faults.add({ fault: { kind: "reset" }, nth: 1 });
    await expect(flickr.fetch("https://api.flickr.com/services/rest/")).rejects.toThrow(TypeError);
    flickr.faults.add({ fault: { kind: "half-body" }, nth: 1 });
    const cut = await flickr.fetch(`https://api.flickr.com/services/rest/?${query}`);
    await expect(cut.text()).rejects.toThrow(TypeError);
    flickr.faults.add({ fault: { kind: "stall" }, nth: 1 });
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(flickr.fetch("https://api.flickr.com/", { signal })).rejects.toThrow("enough");
  });
});
