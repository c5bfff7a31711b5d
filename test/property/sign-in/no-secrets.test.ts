import { fc, it } from "@fast-check/vitest";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { asPhotosyncError } from "../../../src/cli/as-photosync-error.js";
import { errorObject } from "../../../src/cli/json-result.js";
import { renderError } from "../../../src/cli/render/error-text.js";
import { systemClock } from "../../../src/infra/clock.js";
import { flickrKit } from "../../../src/services/flickr/auth-kit.js";
import { googlePhotosKit } from "../../../src/services/google-auth/kits.js";
import type { ServiceKit } from "../../../src/services/service-kit.js";
import type { Fault as FlickrFault } from "../../emulators/flickr/http/faults.js";
import { addAccount, addApp } from "../../emulators/flickr/machine/seeding.js";
import { type FlickrEmulator, startFlickrEmulator } from "../../emulators/flickr/start.js";
import type { Fault as GoogleFault } from "../../emulators/google/faults.js";
import { SAMPLE_CLIENT, SAMPLE_SECRET, seedAccount, seedClient } from "../../emulators/google/seed.js";
import { type GoogleEmulator, startGoogleEmulator } from "../../emulators/google/start.js";
import { contextFor, personWho } from "../../fixtures/sign-in/sign-in-world.js";

const call = { signal: new AbortController().signal };
const NSID = "11111111@N01";
let flickr: FlickrEmulator;
let google: GoogleEmulator;

beforeAll(async () => {
  flickr = await startFlickrEmulator({
    clock: systemClock,
    options: { authorizesAs: NSID, hourlyBudget: null },
  });
  addAccount(flickr.machine, { nsid: NSID });
  google = await startGoogleEmulator();
  seedAccount(google.state);
  seedClient(google.state);
  google.state.consent = { kind: "agree", email: "ada@example.org" };
});
afterAll(async () => {
  await flickr.close();
  await google.close();
});

/** Everything that a person or a program gets to see of an error. */
function shown(error: unknown): string {
  const told = asPhotosyncError(error, { command: "connect", flags: [] });
  const view = { width: 200, color: false, full: true, now: "2026-11-21T12:00:00Z" };
  const failed = { command: "connect", library: "/l", dryRun: false };
  return renderError(told, view) + JSON.stringify(errorObject(failed, told));
}

const statuses = fc.constantFrom(401, 403, 429, 500, 503, 504);
const googleFault: fc.Arbitrary<GoogleFault> = fc.oneof(
  statuses.map((status) => ({ kind: "status", status }) as GoogleFault),
  fc.constantFrom<GoogleFault>(
    { kind: "reset" },
    { kind: "drop-reply" },
    { kind: "cut-body" },
    { kind: "captive-page" },
  ),
);
const flickrFault: fc.Arbitrary<FlickrFault> = fc.oneof(
  statuses.map((status) => ({ kind: "status", status }) as const),
  fc.constantFrom<FlickrFault>(
    { kind: "throttled" },
    { kind: "html" },
    { kind: "reset" },
    { kind: "lost-reply" },
    { kind: "half-body" },
    { kind: "fail", code: 98, message: "Invalid auth token" },
  ),
);

/** Signs in, tests and signs out while requests go wrong; gives all that could be seen of it. */
async function life(
  kit: ServiceKit,
  context: ReturnType<typeof contextFor>,
  application: Readonly<Record<string, string>>,
): Promise<string> {
  const person = personWho(async (address) => {
    const page = await fetch(address).catch(() => null);
    return page?.url ?? "";
  });
  const seen: string[] = [];
  const trying = async <T>(doing: () => Promise<T>): Promise<T | null> => {
    try {
      return await doing();
    } catch (error) {
      seen.push(shown(error));
      return null;
    }
  };
  const fields = await trying(() => kit.signIn(context, { application, way: "browser", person }, call));
  if (fields !== null) {
    await context.secrets.write(context.account, fields);
    seen.push(JSON.stringify(await trying(() => kit.check(context, {}, call))));
    seen.push(JSON.stringify(await trying(() => kit.signOut(context, fields, call))));
  }
  return [...seen, ...person.told].join("\n");
}

describe("whatever goes wrong", () => {
  it.prop([googleFault, fc.integer({ min: 1, max: 4 }), fc.boolean()], { numRuns: 40 })(
    "nothing secret of Google's is seen",
    async (fault, nth, forEver) => {
      google.faults.clear();
      const rule = { matching: /POST|\/v1\//, fault };
      google.faults.add(forEver ? rule : { ...rule, nth });
      const application = { google_client_id: SAMPLE_CLIENT, google_client_secret: SAMPLE_SECRET };
      const seen = await life(
        googlePhotosKit,
        contextFor("google-photos", { ...google.endpoints }),
        application,
      );
      const { codes, grants, accessTokens } = google.state;
      for (const secret of [SAMPLE_SECRET, ...codes.keys(), ...grants.keys(), ...accessTokens.keys()])
        expect(seen.includes(secret), secret).toBe(false);
    },
  );

  it.prop([flickrFault, fc.integer({ min: 1, max: 4 }), fc.boolean()], { numRuns: 40 })(
    "nothing secret of Flickr's is seen",
    async (fault, nth, forEver) => {
      flickr.faults.clear();
      const app = addApp(flickr.machine);
      const where = ({ path }: { readonly path: string }) => !path.endsWith("/authorize");
      flickr.faults.add(forEver ? { fault, where } : { fault, where, nth });
      const { rest, upload, oauth } = flickr.endpoints;
      const application = { flickr_api_key: app.key, flickr_api_secret: app.secret };
      const seen = await life(flickrKit, contextFor("flickr", { rest, upload, oauth }), application);
      const tokens = [...flickr.state.accessTokens.values()].flatMap(({ token, secret }) => [token, secret]);
      for (const secret of [app.secret, ...tokens]) expect(seen.includes(secret), secret).toBe(false);
      expect(seen).not.toMatch(/debug_sbs|oauth_signature/);
    },
  );
});
