import { describe, expect, it } from "vitest";
import { jpegFor, UNAVAILABLE_PNG } from "../../emulators/flickr/http/pictures.js";
import type { FlickrOptions } from "../../emulators/flickr/machine/options.js";
import { addPhoto } from "../../emulators/flickr/machine/seeding.js";
import { call, collected, scanned } from "../photo-service-opened.js";
import { type OpenedFlickr, OWNER } from "./flickr-opened.js";
import { opened } from "./opened.js";

async function onlyPhoto({ service }: OpenedFlickr) {
  const [instance] = (await scanned(service)).seen;
  return instance ?? expect.unreachable();
}

describe("a picture", () => {
  it("is fetched from where the list said, without another request", async () => {
    const flickr = await opened();
    const bytes = jpegFor("original");
    await flickr.seed({ bytes });
    const instance = await onlyPhoto(flickr);
    flickr.forgetCalls();
    const download = await flickr.service.open(instance, call);
    expect((await collected(download.bytes)).equals(bytes)).toBe(true);
    expect(download).toMatchObject({ quality: "original", sizeBytes: bytes.length });
    expect(flickr.calls()).toEqual(["static"]);

    flickr.forgetCalls();
    const known = { ...instance };
    expect((await flickr.service.open(known, call)).quality).toBe("original");
    expect(flickr.calls()).toEqual(["photos.getSizes", "static"]);
  });

  it("of a free account is a smaller copy, and never called the original", async () => {
    const flickr = await opened({ account: { isPro: false } });
    await flickr.seed({ bytes: jpegFor("original") });
    const instance = await onlyPhoto(flickr);
    expect(instance.obtainable).toBe("medium");
    const download = await flickr.service.open(instance, call);
    expect(download.quality).toBe("medium");
    expect((await collected(download.bytes)).toString("latin1")).toContain("Large");
  });

  it("of a free account is no original either where Flickr calls a smaller copy one", async () => {
    const flickr = await opened({ account: { isPro: false }, options: { freeOriginals: "reduced" } });
    const id = await flickr.seed({ bytes: jpegFor("original") });
    const instance = await onlyPhoto(flickr);
    const read = (await flickr.service.read(id, call)) ?? expect.unreachable();
    expect([instance.obtainable, read.obtainable]).toEqual(["medium", "medium"]);
    for (const each of [instance, read]) {
      expect((await flickr.service.open(each, call)).quality).toBe("medium");
    }
  });

  it("of a free account is not the one that stands for pictures that are not available", async () => {
    const flickr = await opened({
      account: { isPro: false },
      fetch: async (input, init) => {
        const answer = await fetch(input, init);
        const isPicture = answer.headers.get("content-type")?.startsWith("image/") === true;
        return isPicture
          ? new Response(UNAVAILABLE_PNG, { headers: { "content-type": "image/png" } })
          : answer;
      },
    });
    await flickr.seed({ bytes: jpegFor("original") });
    const instance = await onlyPhoto(flickr);
    await expect(flickr.service.open(instance, call)).rejects.toMatchObject({
      ...{ kind: "integrity", code: "flickr.not-the-picture" },
    });
  });

  it.each([
    [{ unavailable: "404" } as const, "transient"],
    [{ unavailable: "picture" } as const, "integrity"],
  ])("that is not there is nothing else (%j)", async (options, kind) => {
    const flickr = await opened({ options });
    const id = await flickr.seed({});
    const instance = await onlyPhoto(flickr);
    const photo = flickr.emulator.machine.photo(id);
    flickr.emulator.machine.put({ ...photo, originalSecret: "ffffffffff" });
    await expect(flickr.service.open(instance, call)).rejects.toMatchObject({ kind });
  });

  it("that stays away is given up, with what to do", async () => {
    const flickr = await opened({ policy: { run: (_, task, outer) => task(outer, 3), quota: () => null } });
    const id = await flickr.seed({});
    const instance = await onlyPhoto(flickr);
    const photo = flickr.emulator.machine.photo(id);
    flickr.emulator.machine.put({ ...photo, originalSecret: "ffffffffff" });
    await expect(flickr.service.open(instance, call)).rejects.toMatchObject({
      ...{ kind: "partial", code: "flickr.not-obtained" },
      next: expect.arrayContaining([expect.stringContaining(id)]),
    });
  });

  it.each([
    ["a page", new TextEncoder().encode("<html>Flickr is having a massage</html>"), "flickr.not-the-picture"],
    [
      "another format",
      Buffer.from("GIF89a\u0001\u0000\u0001\u0000\u0000\u0000\u0000;", "latin1"),
      "flickr.not-the-picture",
    ],
  ])("is not %s", async (_name, bytes, code) => {
    const flickr = await opened();
    await flickr.seed({ bytes });
    const instance = await onlyPhoto(flickr);
    await expect(flickr.service.open(instance, call)).rejects.toMatchObject({ code, kind: "integrity" });
  });

  it("whose bytes break off is no picture", async () => {
    const flickr = await opened();
    await flickr.seed({ bytes: Buffer.concat([jpegFor("long"), Buffer.alloc(200_000, 1)]) });
    const instance = await onlyPhoto(flickr);
    flickr.emulator.faults.add({ endpoint: "static", fault: { kind: "half-body" } });
    const download = await flickr.service.open(instance, call);
    await expect(collected(download.bytes)).rejects.toMatchObject({ kind: "transient" });
  });
});

describe("a video", () => {
  const clip = Buffer.concat([
    Buffer.from([0, 0, 0, 20]),
    Buffer.from("ftypisom\u0000\u0000\u0002\u0000isom", "latin1"),
    Buffer.alloc(64, 7),
  ]);
  const withVideo = async (options: Partial<FlickrOptions> = {}) => {
    const flickr = await opened({ options });
    flickr.emulator.files.put("clip", clip);
    addPhoto(flickr.emulator.machine, { owner: OWNER, media: "video", file: "clip" });
    return { flickr, instance: await onlyPhoto(flickr) };
  };

  it("is fetched by the way that leads to its own bytes, not to its poster", async () => {
    const { flickr, instance } = await withVideo();
    expect(instance).toMatchObject({ mediaKind: "video", obtainable: "original" });
    const download = await flickr.service.open(instance, call);
    expect(download.quality).toBe("original");
    expect((await collected(download.bytes)).equals(clip)).toBe(true);
  });

  it("that programs are not given is said to be missing, and no smaller copy is taken", async () => {
    const { flickr, instance } = await withVideo({ videoOriginal: "missing" });
    await expect(flickr.service.open(instance, call)).rejects.toMatchObject({ kind: "transient" });
    const free = await opened({ account: { isPro: false } });
    addPhoto(free.emulator.machine, { owner: OWNER, media: "video" });
    const lesser = await onlyPhoto(free);
    expect(lesser.obtainable).toBe("nothing");
    await expect(free.service.open(lesser, call)).rejects.toMatchObject({ code: "flickr.not-obtained" });
  });
});
