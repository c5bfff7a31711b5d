import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../src/infra/clock.js";
import type { Fault, FaultRule } from "../../emulators/flickr/http/faults.js";
import { jpegFor } from "../../emulators/flickr/http/pictures.js";
import { addPhoto } from "../../emulators/flickr/machine/seeding.js";
import { type SignedIn, sdkFor, signIn } from "../../emulators/flickr/signed-in.js";
import { type FlickrEmulator, startFlickrEmulator } from "../../emulators/flickr/start.js";
import { SwappedOrigin } from "../../emulators/flickr/swapped-origin.js";

let emulator: FlickrEmulator;
let signedIn: SignedIn;
beforeEach(async () => {
  emulator = await startFlickrEmulator({ clock: systemClock, seed: 7 });
  signedIn = signIn(emulator);
});
afterEach(() => emulator.close());

const PRIVATE = { is_public: "0", is_friend: "0", is_family: "0" } as const;
const photoFile = () => new File([Buffer.from(jpegFor("a"))], "a.jpg");

/** What an upload under the fault comes to: the status where there was one, and whether the photo stands there. */
async function uploadUnder(fault: Fault): Promise<readonly [seen: unknown, photos: number]> {
  emulator.faults.add({ fault, endpoint: "upload" });
  const { upload } = sdkFor(emulator, signedIn);
  const seen = await upload(photoFile(), PRIVATE).then(
    () => "ok",
    (error: Error) => (error.cause instanceof Response ? error.cause.status : error.name),
  );
  return [seen, emulator.state.photos.size];
}

describe("faults of the emulated Flickr", () => {
  it.each<readonly [Fault, unknown, number]>([
    [{ kind: "throttled" }, 429, 0],
    [{ kind: "status", status: 502 }, 502, 0],
    [{ kind: "status-after", status: 500 }, 500, 1],
    [{ kind: "reset" }, "TypeError", 0],
    [{ kind: "lost-reply" }, "TypeError", 1],
    [{ kind: "half-body" }, "TypeError", 1],
    [{ kind: "fail", code: 105, message: "Service currently unavailable" }, 200, 0],
  ])("%o", async (fault, seen, photos) => {
    expect(await uploadUnder(fault)).toEqual([seen, photos]);
    expect(emulator.log.at(-1)).toMatchObject({ fault: fault.kind });
  });

  it("breaks the connection while a large file is on its way", async () => {
    emulator.faults.add({ fault: { kind: "reset-midway" }, endpoint: "upload", times: 1 });
    const { upload } = sdkFor(emulator, signedIn);
    const large = new File([Buffer.alloc(8 * 1024 * 1024)], "a.jpg");
    await expect(upload(large, PRIVATE)).rejects.toThrow(TypeError);
    expect(emulator.log).toMatchObject([{ endpoint: "upload", status: null, fault: "reset-midway" }]);
    await upload(photoFile(), PRIVATE);
    expect(emulator.state.photos.size).toBe(1);
  });

  it("gives a page of HTML with status 200, before or after the effect", async () => {
    emulator.faults.add({ fault: { kind: "html" }, call: "flickr.test.login", times: 1 });
    const { flickr } = sdkFor(emulator, signedIn);
    await expect(flickr("flickr.test.login", {})).rejects.toThrow(SyntaxError);
    await expect(flickr("flickr.test.login", {})).resolves.toMatchObject({ stat: "ok" });
    expect((await uploadUnder({ kind: "html-after" }))[1]).toBe(1);
  });

  it("stalls until the client gives up, with or without the effect", async () => {
    const photo = addPhoto(emulator.machine, { owner: signedIn.account.nsid });
    const giveUp = new AbortController();
    emulator.faults.add({ fault: { kind: "stall-after" } });
    emulator.onRequest((moment) => {
      if (moment === "done") giveUp.abort();
    });
    const transport = new SwappedOrigin(emulator.endpoints, { signal: giveUp.signal });
    const { flickr } = sdkFor(emulator, signedIn, transport);
    await expect(flickr("flickr.photos.setMeta", { photo_id: photo.id, title: "x" })).rejects.toMatchObject({
      name: "AbortError",
    });
    expect(emulator.machine.photo(photo.id).title).toBe("x");
  });

  it("comes at the nth request that matches, or by chance that the seed settles", async () => {
    const { flickr } = sdkFor(emulator, signedIn);
    const run = async (rule: FaultRule, calls: number) => {
      emulator.faults.clear();
      emulator.faults.add(rule);
      let failed = "";
      for (let n = 0; n < calls; n += 1) {
        await flickr("flickr.test.login", {}).catch(() => {
          failed += `${n} `;
        });
      }
      return failed.trim();
    };
    expect(await run({ fault: { kind: "status", status: 500 }, endpoint: "rest", nth: 2 }, 4)).toBe("1");
    const some = (await run({ fault: { kind: "reset" }, probability: 0.3 }, 30)).split(" ").length;
    expect(some).toBeGreaterThan(3);
    expect(some).toBeLessThan(18);
  });
});
