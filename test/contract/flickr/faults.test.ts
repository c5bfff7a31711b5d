import { expect, it } from "vitest";
import { accountPolicy, USUAL_PATIENCE } from "../../../src/infra/http/account-policy.js";
import { DayCount } from "../../../src/infra/http/day-count.js";
import { mannersFor } from "../../../src/infra/http/manners.js";
import type { Time } from "../../../src/infra/http/time.js";
import { throwIfAborted } from "../../../src/infra/until-aborted.js";
import type { ServiceInstance, Upload } from "../../../src/ports/photo-service.js";
import type { Fault } from "../../emulators/flickr/http/faults.js";
import { jpegFor } from "../../emulators/flickr/http/pictures.js";
import { randomFrom } from "../../emulators/flickr/machine/random.js";
import { addPhoto } from "../../emulators/flickr/machine/seeding.js";
import { call, scanned, uploadOf } from "../photo-service-opened.js";
import { type OpenedFlickr, OWNER } from "./flickr-opened.js";
import { opened } from "./opened.js";

const KINDS: readonly Fault[] = [
  { kind: "throttled" },
  { kind: "status", status: 500 },
  { kind: "status-after", status: 502 },
  { kind: "html" },
  { kind: "reset" },
  { kind: "lost-reply" },
  { kind: "half-body" },
  { kind: "fail", code: 105, message: "Service currently unavailable" },
];

/** An account with the manners of a real one, whose time passes when somebody waits for it. */
async function mannered(): Promise<OpenedFlickr> {
  let flickr: OpenedFlickr | null = null;
  const time: Time = {
    elapsedMs: () => flickr?.nowMs() ?? 0,
    nowMs: () => flickr?.nowMs() ?? 0,
    sleep: async (ms, waiting) => {
      throwIfAborted(waiting);
      // Deadlines of requests sleep, too; only what paces requests is short.
      if (ms >= 60_000) await new Promise((resolve) => waiting.signal.addEventListener("abort", resolve));
      else flickr?.advance(ms / 1000);
    },
  };
  const count = new DayCount({ folder: null, account: "flickr", zone: "UTC", nowMs: time.nowMs });
  const random = randomFrom(7);
  const manners = mannersFor("flickr", "flickr");
  const patience = { ...USUAL_PATIENCE, backoff: { firstMs: 1_000, longestMs: 8_000 } };
  flickr = await opened({
    policy: accountPolicy({ account: "flickr", manners, time, random, count, patience }),
  });
  return flickr;
}

function addFaults({ emulator }: OpenedFlickr, probability: number): void {
  for (const fault of KINDS) {
    emulator.faults.add({
      endpoint: ["rest", "upload", "static"],
      fault,
      probability: probability / KINDS.length,
    });
  }
}

it("reads an account whole while one request in twenty fails", async () => {
  const flickr = await mannered();
  const ids = Array.from(
    { length: 60 },
    (_, number) => addPhoto(flickr.emulator.machine, { owner: OWNER, tags: [`Tag ${number}`] }).id,
  );
  addFaults(flickr, 0.05);
  const { seen, problems } = await scanned(flickr.service);
  expect(problems).toEqual([]);
  expect(seen.map(({ id }) => id).sort()).toEqual(ids.sort());
});

/** What a caller does with an outcome that nobody knows: it looks, and sends again when nothing is there for certain. */
async function settled(flickr: OpenedFlickr, upload: Upload): Promise<ServiceInstance | null> {
  const begun = new Date(flickr.nowMs()).toISOString();
  for (let round = 0; round < 3; round += 1) {
    const outcome = await flickr.service.upload(upload, call);
    if (outcome.kind !== "unknown") return outcome.instance;
    flickr.advance(600);
    const found = await flickr.service.find(upload.mark, begun, call);
    if (found.kind === "found") return found.instance;
    if (!found.isCertain) return null;
  }
  return null;
}

it.each([true, false])(
  "sends nothing twice and shows nothing to anybody while one request in twenty fails (dedup_check known: %s)",
  async (knowsDedupCheck) => {
    const flickr = await mannered();
    Object.assign(flickr.emulator.machine.options, { knowsDedupCheck });
    let widest = 0;
    flickr.emulator.machine.onChange(({ photoIds }) => {
      for (const id of photoIds) widest = Math.max(widest, flickr.emulator.machine.whoCanSee(id).size);
    });
    addFaults(flickr, 0.05);
    const uploads = Array.from({ length: 60 }, (_, number) =>
      uploadOf(jpegFor(`picture ${number}`), { title: `Picture ${number}`, tags: ["Two Words"] }),
    );
    for (const upload of uploads) {
      expect(await settled(flickr, upload)).toMatchObject({ mark: upload.mark, visibility: "private" });
    }
    expect(flickr.held().size).toBe(60);
    expect(widest).toBe(1);
  },
);
