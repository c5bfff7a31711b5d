import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { Library } from "./library.js";
import { MOMENTS, type Moment, openGate, type RequestGate } from "./request-gate.js";
import { type Environment, start } from "./run-program.js";
import {
  configure,
  type EmulatedServices,
  emulatedServices,
  homeEnvironment,
  serviceWorld,
} from "./service-world.js";

const PHOTOS = 3;
/** CI tries so many kills; `PHOTOSYNC_KILLS` names another number, and `all` means every boundary. */
const KILLS = process.env["PHOTOSYNC_KILLS"] ?? "5";

interface Kill {
  readonly moment: Moment;
  readonly request: number;
}

/** Requests of both services are counted together, as they come. */
interface Gates {
  readonly flickr: RequestGate;
  readonly google: RequestGate;
}

function onMoments(gates: Gates, listen: (moment: Moment, request: number) => boolean): void {
  let requests = 0;
  for (const gate of [gates.flickr, gates.google]) {
    const numbers = new Map<number, number>();
    gate.onMoment = (moment, request) => {
      if (moment === "arrived") numbers.set(request, ++requests);
      return listen(moment, numbers.get(request) ?? 0);
    };
  }
}

/** Services that know nothing yet, behind the gates. Flickr is one that takes no notice of `dedup_check`. */
async function freshServices(gates: Gates): Promise<EmulatedServices> {
  const services = await emulatedServices({ knowsDedupCheck: false });
  gates.flickr.lead(new URL(services.flickr.endpoints.rest).origin);
  gates.google.lead(new URL(services.google.endpoints.token).origin);
  return services;
}

const replicating = (library: string, environment: Environment) =>
  start(["replicate", "--execute", "--json", "--library", library], environment);

/** Runs, and kills the process at the very moment. */
async function killedRun(library: string, environment: Environment, gates: Gates, kill: Kill) {
  const { child, ended } = replicating(library, environment);
  let isDead = false;
  onMoments(gates, (moment, request) => {
    if (!isDead && moment === kill.moment && request === kill.request) {
      child.kill("SIGKILL");
      isDead = true;
    }
    return !isDead;
  });
  const { exit } = await ended;
  onMoments(gates, () => true);
  return { wasKilled: exit === null };
}

/** What must hold, whatever happened before: each photo once, private, and recorded as it stands there. */
function expectTruth(library: Library, { flickr, google }: EmulatedServices, where: string): void {
  const photos = [...flickr.state.photos.values()];
  expect([where, photos.length]).toEqual([where, PHOTOS]);
  expect(new Set(photos.map(({ sentDigest }) => sentDigest)).size).toBe(PHOTOS);
  expect(photos.some(({ isPublic, isFriend, isFamily }) => isPublic || isFriend || isFamily)).toBe(false);
  expect([where, google.state.items.size]).toEqual([where, PHOTOS]);
  for (const document of library.documents().values()) {
    const { flickr: own, "google-photos": other, folder } = document.instances;
    expect([where, own?.copies, other?.copies, folder !== undefined]).toEqual([
      where,
      undefined,
      undefined,
      true,
    ]);
    const sent = flickr.state.photos.get(own?.id ?? "")?.sentDigest;
    expect(`sha256:${sent}`).toBe(document.content_hash);
    expect(google.state.items.get(other?.id ?? "")?.content.sha256).toBe(sent);
    expect(document.processing_state).toBe("replicated");
  }
}

it("leaves no duplicate and no untrue document wherever a run is killed", async () => {
  const template = await serviceWorld();
  onTestFinished(() => template.close());
  const gates = { flickr: await openGate(), google: await openGate() };
  onTestFinished(async () => {
    await gates.flickr.close();
    await gates.google.close();
  });
  await template.addPictures(PHOTOS);
  const origins = { flickr: gates.flickr.origin, google: gates.google.origin };
  await configure(template.library, origins, {
    flickr: { photos: "all" },
    "google-photos": { photos: "all", fields: ["caption"] },
  });
  await template.takeIn();
  await template.library.run("replicate", "--execute", "--to", "local");

  const tried = async (kill: Kill | null) => {
    const home = await mkdtemp(join(tmpdir(), "photosync-kill-"));
    const services = await freshServices(gates);
    try {
      const environment = { ...homeEnvironment(home), ...services.credentials };
      const path = join(home, "library");
      await cp(template.library.path, path, { recursive: true });
      const library = new Library(path, environment);
      let requests = 0;
      if (kill === null) {
        onMoments(gates, (_, request) => {
          requests = Math.max(requests, request);
          return true;
        });
      }
      const first = kill === null ? null : await killedRun(path, environment, gates, kill);
      const where = kill === null ? "unharmed" : `killed when request ${kill.request} had ${kill.moment}`;
      expect([where, (await library.run("replicate", "--execute")).exit]).toEqual([where, 0]);
      expectTruth(library, services, where);
      return { requests, wasKilled: first?.wasKilled === true };
    } finally {
      await services.close();
      await rm(home, { recursive: true, force: true });
    }
  };
  const { requests } = await tried(null);
  const all = Array.from({ length: requests }, (_, at) => at + 1).flatMap((request) =>
    MOMENTS.map((moment): Kill => ({ moment, request })),
  );
  const stride = KILLS === "all" ? 1 : Math.max(1, all.length / Number(KILLS));
  let killed = 0;
  let points = 0;
  for (let at = 0; at < all.length; at += stride) {
    const kill = all[Math.floor(at)];
    if (kill === undefined) break;
    points += 1;
    if ((await tried(kill)).wasKilled) killed += 1;
  }
  console.info(
    `${requests} requests of a run, ${points} of ${all.length} boundaries tried, ${killed} kills, 0 duplicates`,
  );
  expect(killed).toBeGreaterThan(points / 2);
}, 3_600_000);
