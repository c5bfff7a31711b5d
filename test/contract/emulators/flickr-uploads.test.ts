import { request } from "node:http";
import { XMLParser } from "fast-xml-parser";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../src/infra/clock.js";
import { addPhoto } from "../../emulators/flickr/machine/seeding.js";
import { asForm, signed } from "../../emulators/flickr/raw-client.js";
import { type SignedIn, sdkFor, signIn } from "../../emulators/flickr/signed-in.js";
import { type FlickrEmulator, startFlickrEmulator } from "../../emulators/flickr/start.js";
import { exifBlock, gpsTags, TAG } from "../../fixtures/media/exif-block.js";
import { jpegFile, xmpPacket } from "../../fixtures/media/jpeg-file.js";

let emulator: FlickrEmulator;
let signedIn: SignedIn;
const restart = async (options: Parameters<typeof startFlickrEmulator>[0]["options"] = {}) => {
  await emulator?.close();
  emulator = await startFlickrEmulator({ clock: systemClock, options });
  signedIn = signIn(emulator, { importsGeoExif: true, geoPerms: 5 });
};
beforeEach(() => restart());
afterEach(() => emulator.close());

const PRIVATE = { is_public: "0", is_friend: "0", is_family: "0" } as const;
const seconds = () => Math.floor(Date.now() / 1000);

/** A signed upload as bytes; the name of the file's part may be another than Flickr wants. */
function form(fields: Readonly<Record<string, string>>, file: Uint8Array, part = "photo"): Buffer {
  const by = { by: signedIn, at: seconds(), nonce: String(Math.random()) };
  const texts = Object.entries(signed("POST", emulator.endpoints.upload, fields, by)).map(
    ([name, value]) => `--cut\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const head = `--cut\r\nContent-Disposition: form-data; name="${part}"; filename="a.jpg"\r\n\r\n`;
  return Buffer.concat([Buffer.from(texts.join("") + head), file, Buffer.from("\r\n--cut--\r\n")]);
}

const post = async (body: Buffer | ReadableStream) =>
  (
    await fetch(emulator.endpoints.upload, {
      method: "POST",
      body,
      headers: { "content-type": "multipart/form-data; boundary=cut" },
      ...(body instanceof ReadableStream && { duplex: "half" }),
    })
  ).text();

describe("uploads to the emulated Flickr", () => {
  it("read date, place, words and camera from the file, where the upload does not say otherwise", async () => {
    const file = jpegFile({
      exif: exifBlock({
        main: { [TAG.make]: "Canon" },
        exif: { [TAG.taken]: "2019:05:04 10:20:30" },
        gps: gpsTags(48, "N", 11, "W"),
      }),
      xmp: xmpPacket("<dc:subject><rdf:Bag><rdf:li>Sea Side</rdf:li></rdf:Bag></dc:subject>"),
    });
    const { upload, flickr } = sdkFor(emulator, signedIn);
    const made = await upload(new File([Buffer.from(file)], "a.jpg"), { ...PRIVATE, title: "" });
    const { photo } = await flickr("flickr.photos.getInfo", { photo_id: made.id });
    expect(photo).toMatchObject({
      title: { _content: "" },
      dates: { taken: "2019-05-04 10:20:30", takenunknown: "0" },
      location: { latitude: "48.5", longitude: "-11.25", accuracy: "16" },
      geoperms: { ispublic: 0, isfamily: 1 },
      tags: { tag: [{ raw: "Sea Side", _content: "seaside", machine_tag: 0 }] },
    });
    const { photo: shown } = await flickr("flickr.photos.getExif", { photo_id: made.id });
    expect(shown.exif[0]).toMatchObject({ tag: "Make", raw: { _content: "Canon" } });
    expect(emulator.machine.whoCanSeePlace(made.id)).toEqual(new Set(["owner"]));
  });

  it("make no photo of a form without the part photo, nor of one that is cut off inside", async () => {
    const whole = form(PRIVATE, jpegFile());
    expect(await post(form(PRIVATE, jpegFile(), "file"))).toContain('<err code="2"');
    expect(await post(whole.subarray(0, -10))).toContain('<err code="3"');
    expect(emulator.state.photos.size).toBe(0);
    expect(await post(form(PRIVATE, jpegFile()))).toContain('<rsp stat="ok">');
  });

  it("make no photo when the client dies in the middle of a large file", async () => {
    const whole = form(PRIVATE, Buffer.concat([jpegFile(), Buffer.alloc(6 * 1024 * 1024)]));
    const { hostname, port, pathname } = new URL(emulator.endpoints.upload);
    const headers = { "content-type": "multipart/form-data; boundary=cut", "content-length": whole.length };
    await new Promise<void>((resolve) => {
      const sending = request({ hostname, port, path: pathname, method: "POST", headers });
      sending.on("error", () => resolve());
      sending.write(whole.subarray(0, -1000), () => sending.destroy(new Error("killed")));
    });
    await emulator.close();
    expect(emulator.state.photos.size).toBe(0);
  });

  it("want to know their length, unless a test says that they need not", async () => {
    const body = () => new Blob([form(PRIVATE, jpegFile())]).stream();
    expect(await post(body())).toContain("411 Length Required");
    await restart({ takesChunkedUploads: true });
    expect(await post(body())).toContain('<rsp stat="ok">');
  });

  it("give a ticket where they are told to, whose photo comes later", async () => {
    await restart({ ticketSeconds: 0 });
    const answer = await post(form({ ...PRIVATE, async: "1" }, jpegFile()));
    const ticket = /<ticketid>([^<]+)<\/ticketid>/.exec(answer)?.[1] ?? "";
    const { flickr } = sdkFor(emulator, signedIn);
    expect(
      await flickr("flickr.photos.upload.checkTickets", { tickets: `${ticket},nonsense` }),
    ).toMatchObject({
      uploader: {
        ticket: [
          { id: ticket, complete: 1 },
          { id: "nonsense", invalid: 1 },
        ],
      },
    });
  });

  it("replace a photo's bytes through an address of their own", async () => {
    const photo = addPhoto(emulator.machine, { owner: signedIn.account.nsid });
    const { replace } = sdkFor(emulator, signedIn);
    const made = await replace(photo.id, new File([Buffer.from(jpegFile())], "b.jpg"));
    expect(made.originalsecret).not.toBe(photo.originalSecret);
    const address = `${emulator.endpoints.static}/65535/${photo.id}_${made.originalsecret}_o.jpg`;
    const answer = await fetch(address);
    expect(Buffer.from(await answer.arrayBuffer()).equals(jpegFile())).toBe(true);
  });
});

describe("ways to call the emulated Flickr", () => {
  it("are equal: query, form body, and OAuth in a header", async () => {
    const { rest } = emulator.endpoints;
    const own = { method: "flickr.test.login", format: "json", nojsoncallback: "1" };
    const sign = (method: string, nonce: string) =>
      signed(method, rest, own, { by: signedIn, at: seconds(), nonce });
    const inBody = { "content-type": "application/x-www-form-urlencoded" };
    const oauth = Object.entries(sign("GET", "c")).filter(([name]) => name.startsWith("oauth_"));
    const header = `OAuth realm="x", ${oauth.map(([name, value]) => `${name}="${encodeURIComponent(value)}"`).join(", ")}`;
    const answers = [
      fetch(`${rest}?${asForm(sign("GET", "a"))}`),
      fetch(rest, { method: "POST", body: asForm(sign("POST", "b")), headers: inBody }),
      fetch(`${rest}?${asForm(own)}`, { headers: { authorization: header } }),
    ];
    for (const answer of await Promise.all(answers))
      expect(await answer.json()).toMatchObject({ stat: "ok" });
  });

  it("give the same record in XML as in JSON", async () => {
    const { rest } = emulator.endpoints;
    const title = 'a < b & "c"';
    const owner = signedIn.account.nsid;
    const photo = addPhoto(emulator.machine, { owner, title, isPublic: true, tags: ["Two Words"] });
    const query = `${rest}?method=flickr.photos.getInfo&api_key=${signedIn.app.key}&photo_id=${photo.id}`;
    const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "", htmlEntities: true });
    const { rsp } = parser.parse(await (await fetch(query)).text());
    expect(rsp).toMatchObject({
      stat: "ok",
      photo: {
        id: photo.id,
        title,
        owner: { nsid: owner },
        visibility: { ispublic: "1" },
        tags: { tag: { raw: "Two Words", "#text": "twowords" } },
      },
    });
  });
});
