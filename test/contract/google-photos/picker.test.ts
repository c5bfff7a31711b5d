import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ServiceInstance } from "../../../src/ports/photo-service.js";
import {
  type GooglePickerOptions,
  openGooglePicker,
  type PickedPhotos,
} from "../../../src/services/google-photos/picker.js";
import { accessTo, bytesOf, call, codeOf, scanned } from "../../emulators/google/access.js";
import { finishPicking } from "../../emulators/google/picker.js";
import { type Sample, sampleFilm, samplePicture, startSample } from "../../emulators/google/sample.js";
import { seedItem } from "../../emulators/google/seed.js";

let google: Sample;
let shown: string[];
let picks: PickedPhotos;
beforeEach(async () => {
  google = await startSample();
  shown = [];
});
afterEach(() => google.close());

/** An owner who chooses after so many looks. */
function open(
  chosen: readonly string[] | null,
  looks = 2,
  more: Partial<GooglePickerOptions> = {},
): PickedPhotos {
  let left = looks;
  return openGooglePicker({
    access: accessTo(google),
    picker: google.endpoints.picker,
    show: (uri) => shown.push(uri),
    sleep: async (ms) => {
      google.clock.advance(ms);
      left -= 1;
      const [session] = [...google.state.sessions.values()].slice(-1);
      if (left === 0 && chosen !== null && session !== undefined)
        finishPicking(google.state, session.id, chosen);
    },
    ...more,
  });
}

const seed = (words: string) =>
  seedItem(google.state, google.nowMs(), {
    bytes: samplePicture(words),
    filename: `${words}.jpg`,
    clientId: null,
  }).id;
const listed = async (from: PickedPhotos, limit?: number): Promise<ServiceInstance[]> =>
  (await scanned(from.scan(limit === undefined ? {} : { limit }, call))).flatMap((page) =>
    page.kind === "instances" ? page.seen : [],
  );

describe("picking", () => {
  test("shows the page, waits as Google asks, and gives what was chosen", async () => {
    google.settings.hasRaggedPages = true;
    const ids = Array.from({ length: 130 }, (_, n) => seed(`p${n}`));
    picks = open(ids);
    const seen = await listed(picks);
    expect(seen.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
    expect(shown).toEqual([expect.stringContaining("/picker/")]);
    expect([...google.state.sessions.values()].map(({ earlyPolls }) => earlyPolls)).toEqual([0]);
    expect(seen[0]).toMatchObject({
      visibility: "unknown",
      obtainable: "high",
      record: { facts: { taken_date: "2024-03-01T10:20:30Z" } },
    });
    expect(JSON.stringify(seen)).not.toContain("127.0.0.1");
  });

  test("fetches with the token, and with new addresses after an hour", async () => {
    const id = seed("a");
    const film = seedItem(google.state, google.nowMs(), { bytes: sampleFilm("film"), clientId: null });
    picks = open([id, film.id]);
    const seen = await listed(picks);
    google.clock.advance(50 * 60_000);
    for (const instance of seen) {
      const { bytes, quality } = await picks.open(instance, call);
      expect([(await bytesOf(bytes)).length > 0, quality]).toEqual([true, "high"]);
    }
    google.clock.advance(20 * 60_000);
    const [first] = seen;
    if (first !== undefined) await bytesOf((await picks.open(first, call)).bytes);
    const statuses = google.log.matching(/\/ppa\//).map(({ status }) => status);
    expect(statuses.slice(-2)).toEqual([403, 200]);
    expect(await picks.read(id, call)).toMatchObject({ id });
  });

  test("shows the token to no address that is not Google's", async () => {
    const access = accessTo(google);
    const told: (string | null)[] = [];
    const elsewhere: typeof fetch = async (input, init) => {
      const address = String(input instanceof Request ? input.url : input);
      if (address.startsWith("http://localhost")) {
        told.push(new Headers(init?.headers).get("authorization"));
        return new Response(null, { status: 403 });
      }
      const answer = await access.fetch(input, init);
      if (!address.includes("/mediaItems?")) return answer;
      const text = await answer.text();
      const { status, headers } = answer;
      return new Response(text.replaceAll("http://127.0.0.1", "http://localhost"), { status, headers });
    };
    picks = open([seed("a")], 2, { access: { ...access, fetch: elsewhere } });
    const [first] = await listed(picks);
    if (first === undefined) throw new Error("nothing was picked");
    expect(await codeOf(picks.open(first, call))).toBe("google-photos.not-obtainable");
    expect(told).toEqual([null, null]);
  });

  test("bounds the choice, and ends the session however it went", async () => {
    const ids = [seed("a"), seed("b"), seed("c")];
    picks = open(ids);
    expect((await listed(picks, 2)).length).toBe(2);
    await picks.close(call);
    await picks.close(call);
    expect([...google.state.sessions.values()].map(({ isDeleted }) => isDeleted)).toEqual([true]);
  });

  test("gives up when the owner does not choose in time", async () => {
    picks = open(null);
    expect(await codeOf(listed(picks))).toBe("google-photos.pick-expired");
    const polls = google.log.matching(/GET .*\/sessions\//).length;
    expect(polls).toBeLessThanOrEqual(361);
    await picks.close(call);
  });

  test("says so when the session is over before a photo was fetched", async () => {
    picks = open([seed("a")]);
    const [first] = await listed(picks);
    google.clock.advance(8 * 24 * 3_600_000);
    if (first === undefined) throw new Error("nothing was picked");
    expect(await codeOf(picks.open(first, call))).toBe("google-photos.pick-expired");
  });

  test("does without a second session when a reply was lost, and tells of too many", async () => {
    google.faults.add({ matching: /POST .*\/sessions/, nth: 1, fault: { kind: "status", status: 503 } });
    picks = open([seed("a")]);
    expect((await listed(picks)).length).toBe(1);
    for (const account of google.state.accounts) account.hasPhotos = false;
    expect(await codeOf(listed(open([])))).toBe("google-photos.refused");
  });
});
