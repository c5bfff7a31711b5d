import { openGooglePhotos } from "../../../src/services/google-photos/adapter.js";
import { accessTo } from "../../emulators/google/access.js";
import type { Fault } from "../../emulators/google/faults.js";
import { samplePicture, startSample } from "../../emulators/google/sample.js";
import { seedItem } from "../../emulators/google/seed.js";
import { plainPolicy } from "../../fakes/plain-policy.js";
import { photoServiceContract } from "../photo-service-contract.js";
import type { OpenedService, ServiceFault } from "../photo-service-opened.js";

const faultOf = (fault: ServiceFault): Fault => {
  if (fault.kind === "too-many")
    return { kind: "status", status: 429, retryAfter: String(fault.retryAfterSeconds) };
  if (fault.kind === "cut") return { kind: "reset" };
  if (fault.kind === "lost-reply") return { kind: "drop-reply" };
  return { kind: "status", status: fault.status, isHtml: true };
};

/** A token that is refused is renewed once, and batchCreate sent again once where its reply is lost. */
const timesOf = (fault: ServiceFault): number =>
  fault.kind === "lost-reply" || (fault.kind === "status" && fault.status === 401) ? 2 : 1;

async function open(): Promise<OpenedService> {
  const google = await startSample();
  const access = { ...accessTo(google), policy: plainPolicy };
  let seeded = 0;
  const service = openGooglePhotos({ access, library: google.endpoints.library, allowsAlbums: true });
  return {
    service,
    // Google has no titles: the description is all that people write there.
    seed: async ({ title = "", caption = title, bytes }) => {
      seeded += 1;
      const picture = bytes ?? samplePicture(`seeded ${seeded}`);
      return seedItem(google.state, google.nowMs(), { bytes: picture, description: caption }).id;
    },
    change: async (id, { title }) => {
      const item = google.state.items.get(id);
      if (item !== undefined && title !== undefined) item.description = title;
    },
    settle: async () => google.clock.advance(60_000),
    held: () =>
      new Map(
        [...google.state.items.values()].map(({ id, description }) => {
          const albums = [...google.state.albums.values()].filter(({ itemIds }) => itemIds.includes(id));
          return [id, { visibility: null, title: description, albums: albums.map(({ title }) => title) }];
        }),
      ),
    fail: (fault, on = "reads") => {
      const matching = on === "upload" ? /batchCreate/ : /./;
      google.faults.add({ matching, fault: faultOf(fault), times: timesOf(fault) });
    },
    close: () => google.close(),
  };
}

photoServiceContract("Google Photos", {
  open,
  hasCursor: false,
  picture: async (number) => samplePicture(`picture ${number}`),
});
