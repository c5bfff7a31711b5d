import { afterEach, beforeEach, expect, test } from "vitest";
import { systemTime } from "../../../src/infra/http/time.js";
import type { SecretFields, SecretStore } from "../../../src/ports/secrets.js";
import { openGoogleDriveAccount } from "../../../src/services/google-drive/open-google-drive.js";
import {
  openGooglePhotosAccount,
  openGooglePickerAccount,
} from "../../../src/services/google-photos/open-google-photos.js";
import { type ServiceContext, serviceContext } from "../../../src/services/service-context.js";
import { bytesOf, call, codeOf, scanned } from "../../emulators/google/access.js";
import { SCOPES } from "../../emulators/google/bearer.js";
import { finishPicking } from "../../emulators/google/picker.js";
import { seedSampleAccount } from "../../emulators/google/sample-account.js";
import { SAMPLE_CLIENT, SAMPLE_SECRET, seedSignIn } from "../../emulators/google/seed.js";
import { type GoogleEmulator, startGoogleEmulator } from "../../emulators/google/start.js";
import { picture } from "./sample-upload.js";

let google: GoogleEmulator;
let kept: SecretFields;
beforeEach(async () => {
  google = await startGoogleEmulator();
  seedSampleAccount(google.state, google.nowMs());
  const { grant } = seedSignIn(google.state, Object.values(SCOPES), google.nowMs());
  kept = {
    google_client_id: SAMPLE_CLIENT,
    google_client_secret: SAMPLE_SECRET,
    google_refresh_token: grant.refreshToken,
  };
});
afterEach(() => google.close());

const secrets: SecretStore = {
  read: async () => ({ fields: kept, origin: "file" }),
  write: async () => "file",
  forget: async () => true,
  update: async (_, change) => {
    kept = await change(kept);
    return kept;
  },
};

const contextOf = (provider: string): ServiceContext =>
  serviceContext({
    account: provider,
    provider,
    settings: { endpoints: { ...google.endpoints }, rate_limit: { requests_per_second: 1000 } },
    secrets,
    time: systemTime,
    random: () => 0.5,
    quotaFolder: null,
    userAgent: "photosync/test",
  });

test("from a kept sign-in to an upload, and back to what was uploaded", async () => {
  const photos = openGooglePhotosAccount(contextOf("google-photos"), { uploadsFolder: null });
  expect(await photos.upload(picture("a"), call)).toMatchObject({ kind: "uploaded" });
  const pages = await scanned(photos.scan({}, call));
  expect(pages).toMatchObject([{ kind: "instances", seen: [{ filename: "a.jpg" }] }, { kind: "end" }]);
  expect(google.log.matching(/POST \/token/).length).toBe(1);
});

test("a sign-in that was withdrawn says what to do", async () => {
  for (const grant of google.state.grants.values()) grant.isRevoked = true;
  const photos = openGooglePhotosAccount(contextOf("google-photos"), { uploadsFolder: null });
  expect(await codeOf(photos.read("AF1QipSomething", call))).toBe("google-photos.sign-in-needed");
});

test("what the owner picks comes with its bytes", async () => {
  const picks = openGooglePickerAccount(contextOf("google-photos"), {
    show: () => {
      const [session] = google.state.sessions.values();
      if (session !== undefined) finishPicking(google.state, session.id, [...google.state.items.keys()]);
    },
  });
  google.settings.poll.intervalS = 0.01;
  let photos = 0;
  for await (const page of picks.scan({}, call)) {
    for (const instance of page.kind === "instances" ? page.seen : []) {
      expect((await bytesOf((await picks.open(instance, call)).bytes)).length).toBeGreaterThan(0);
      photos += 1;
    }
  }
  await picks.close(call);
  expect(photos).toBe(5);
});

test("a Drive's folder is read with its checksums, then asked for changes alone", async () => {
  const drive = openGoogleDriveAccount(contextOf("google-drive"), { folders: ["/Photos"] });
  const pages = await scanned(drive.scan({}, call));
  const seen = pages.flatMap((page) => (page.kind === "instances" ? page.seen : []));
  expect(seen.map(({ filename }) => filename).toSorted()).toEqual([
    "birthday.jpg",
    "first-snow.jpg",
    "harbour.jpg",
    "scan.jpg",
    "two-boats.jpg",
  ]);
  const end = pages.at(-1);
  const cursor = end?.kind === "end" ? (end.cursor ?? "") : "";
  expect((await scanned(drive.scan({ cursor }, call))).map(({ kind }) => kind)).toEqual(["end"]);
});
