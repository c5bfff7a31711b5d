import { expect, test } from "vitest";
import { jpegFor } from "../emulators/flickr/http/pictures.js";
import { finishPicking } from "../emulators/google/picker.js";
import { seedSampleAccount } from "../emulators/google/sample-account.js";
import { removeDriveFile, seedDriveFile, seedItem, touchDriveFile } from "../emulators/google/seed.js";
import { picture, put } from "./files.js";
import { liveFlickr, liveGoogle, liveLibrary } from "./live-account.js";
import { photosync, start } from "./run-program.js";

test("folders of a Drive are read by change token, and what the library has is not downloaded", async () => {
  const google = await liveGoogle();
  const { emulator } = google;
  const { state, log } = emulator;
  const { folder } = seedSampleAccount(state, emulator.nowMs());
  const { library, home } = await liveLibrary({ google, folders: [folder] });
  await put(home, "pictures/harbour.jpg", jpegFor("2019:05:04 06:20:30 harbour.jpg"));
  await library.run("discover", `${home}/pictures`);
  const fetched = () => log.matching(/alt=media/).length;

  const first = await library.run("discover", "--service", "google-drive");
  expect(first).toMatchObject({
    exit: 0,
    counts: { seen: 5, new: 4, updated: 1, failed: 0 },
    accounts: [{ service: "google-drive", downloaded: 4, whole: true }],
  });
  expect(fetched()).toBe(4);
  const { document } = library.photo("harbour.jpg");
  expect(Object.keys(document.instances).sort()).toEqual(["folder", "google-drive"]);

  const before = log.matching(/drive\/v3/).length;
  expect(await library.run("discover", "--service", "google-drive")).toMatchObject({ exit: 0, commit: null });
  expect(log.matching(/drive\/v3\/changes\?/).length).toBe(1);
  expect(log.matching(/drive\/v3/).length - before).toBeLessThanOrEqual(4);

  const files = [...state.driveFiles.values()];
  const scan = files.find(({ name }) => name === "scan.jpg");
  const birthday = files.find(({ name }) => name === "birthday.jpg");
  if (scan === undefined || birthday === undefined) throw new Error("the sample account has changed");
  removeDriveFile(state, emulator.nowMs(), scan.id);
  touchDriveFile(state, emulator.nowMs(), birthday.id, (file) => {
    file.description = "Cake!";
  });
  seedDriveFile(state, emulator.nowMs(), {
    name: "new.jpg",
    bytes: jpegFor("new"),
    parent: birthday.parents[0] ?? "",
  });
  expect(await library.run("discover", "--service", "google-drive")).toMatchObject({
    exit: 0,
    counts: { new: 1, updated: 2, gone: 1, failed: 0 },
  });
  expect(fetched()).toBe(5);
  expect(library.photo("scan.jpg").document.instances["google-drive"]?.gone_since).toEqual(
    expect.any(String),
  );
  expect(library.photo("birthday.jpg").document.metadata.caption).toBe("Cake!");
});

test("a service without a valid sign-in keeps no other from being read, and alone is exit 11", async () => {
  const google = await liveGoogle();
  const { emulator } = google;
  const { folder } = seedSampleAccount(emulator.state, emulator.nowMs());
  const flickr = await liveFlickr();
  flickr.add("Sea");
  const { library } = await liveLibrary({ google, flickr, folders: [folder] });
  for (const grant of emulator.state.grants.values()) grant.isRevoked = true;

  const both = await library.run("discover");
  expect(both).toMatchObject({ exit: 3, counts: { new: 1 } });
  expect(both.failures.map(({ code }) => code)).toContain("google-drive.sign-in-needed");
  const alone = await library.run("discover", "--service", "google-drive");
  expect(alone).toMatchObject({ exit: 11, error: { code: "google-drive.sign-in-needed" } });
});

test("what the owner picks is kept as what it is, no original", async () => {
  const google = await liveGoogle();
  const { emulator } = google;
  seedSampleAccount(emulator.state, emulator.nowMs());
  emulator.settings.poll.intervalS = 0.2;
  const taken = "2023:07:01 12:30:00";
  seedItem(emulator.state, emulator.nowMs(), {
    bytes: await picture(1, { taken }),
    filename: "beach.jpg",
    clientId: null,
  });
  const { library, environment, home } = await liveLibrary({ google });
  await put(home, "pictures/beach.jpg", await picture(2, { taken }));
  await library.run("discover", `${home}/pictures`);
  const pick = ["discover", "--service", "google-photos", "--pick", "--json", "--library", library.path];
  const refused = await photosync([...pick, "--no-input"], environment);
  expect(refused.exit).toBe(2);
  expect(refused.stdout).toContain("discover.needs-person");

  const { child, ended } = start(pick, environment);
  let shown = "";
  child.stderr?.on("data", (text: string) => {
    if (shown === "" && text.includes("/picker/")) {
      const [session] = emulator.state.sessions.values();
      shown = session?.id ?? "";
      finishPicking(emulator.state, shown, [...emulator.state.items.keys()]);
    }
  });
  const { exit, stdout } = await ended;
  expect([exit, JSON.parse(stdout).counts]).toMatchObject([0, { new: 5, updated: 1, failed: 0 }]);
  expect(library.photo("beach.jpg").document.variants).toMatchObject([
    { role: "lower-quality", instances: { "google-photos": { quality: "high" } } },
  ]);
  const { document } = library.photo("harbour.jpg");
  expect(document.instances["google-photos"]).toMatchObject({ quality: "high", visibility: "unknown" });
  expect(emulator.log.matching(/^DELETE .*\/sessions\//).length).toBe(1);
});
