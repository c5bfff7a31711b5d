/**
 * Measures reading accounts of services, against the emulators: `npm run measure:live`. An account of 10,000 Flickr photos
 * (`PHOTOSYNC_PHOTOS`), read for the first time and again with nothing new, with the number of calls and the peak memory of each
 * run, while a share of the requests fails at random (`PHOTOSYNC_FAULTS`, such as 0.05; none unless given); then one video of `PHOTOSYNC_VIDEO_BYTES` (1 GB; 0 for none).
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { systemClock } from "../src/infra/clock.js";
import { PASSING_FAULTS } from "../test/emulators/flickr/http/faults.js";
import { jpegFor } from "../test/emulators/flickr/http/pictures.js";
import { addPhoto } from "../test/emulators/flickr/machine/seeding.js";
import { signIn } from "../test/emulators/flickr/signed-in.js";
import { startFlickrEmulator } from "../test/emulators/flickr/start.js";

const PROGRAM = fileURLToPath(new URL("../bin/run.js", import.meta.url));
const photos = Number(process.env["PHOTOSYNC_PHOTOS"] ?? 10_000);
const videoBytes = Number(process.env["PHOTOSYNC_VIDEO_BYTES"] ?? 1_000_000_000);

const faults = Number(process.env["PHOTOSYNC_FAULTS"] ?? 0);

const home = mkdtempSync(join(tmpdir(), "photosync-live-"));
const emulator = await startFlickrEmulator({
  clock: systemClock,
  options: { hourlyBudget: null },
});
const { account, app, token } = signIn(emulator);
const library = join(home, "library");
const environment = {
  ...process.env,
  HOME: home,
  PHOTOSYNC_KEYCHAIN: "off",
  FLICKR_API_KEY: app.key,
  FLICKR_API_SECRET: app.secret,
  FLICKR_OAUTH_TOKEN: token.token,
  FLICKR_OAUTH_TOKEN_SECRET: token.secret,
  ...Object.fromEntries(
    ["AUTHOR", "COMMITTER"].flatMap((role) => [
      [`GIT_${role}_NAME`, "Ada"],
      [`GIT_${role}_EMAIL`, "ada@example.org"],
    ]),
  ),
};

/** The peak of resident memory so far, in MB; 0 where the system does not tell, and once the process is gone. */
function peakOf({ pid }: ChildProcess): number {
  try {
    const kb = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return Number(kb ?? 0) / 1024;
  } catch {
    return 0;
  }
}

let told = 0;
async function measured(title: string, ...args: readonly string[]): Promise<void> {
  const began = performance.now();
  const child = spawn(process.execPath, [PROGRAM, ...args, "--json", "--library", library], {
    env: environment,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let peak = 0;
  const looking = setInterval(() => {
    peak = Math.max(peak, peakOf(child));
  }, 20);
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  const exit = await new Promise((resolve) => child.once("close", resolve));
  clearInterval(looking);
  const calls: Record<string, number> = {};
  const failed = emulator.log.slice(told).filter(({ fault }) => fault !== null).length;
  for (const { endpoint, call } of emulator.log.slice(told)) {
    const name = call ?? endpoint;
    calls[name] = (calls[name] ?? 0) + 1;
  }
  told = emulator.log.length;
  const result: { counts?: unknown; error?: unknown } = JSON.parse(printed);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const facts = [`exit ${exit}`, `${seconds} s`, `peak ${Math.round(peak)} MB`];
  process.stdout.write(
    `${title}: ${facts.join(", ")}, calls ${JSON.stringify(calls)} (${failed} made to fail), ${JSON.stringify(result.counts ?? result.error)}\n`,
  );
}

try {
  execFileSync(process.execPath, [PROGRAM, "init", library], { env: environment, stdio: "ignore" });
  const config = join(library, "config", "services.json");
  const { rest, upload, oauth } = emulator.endpoints;
  const services: Record<string, unknown> = JSON.parse(readFileSync(config, "utf8"));
  services["flickr"] = {
    enabled: true,
    endpoints: { rest, upload, oauth },
    rate_limit: { requests_per_second: 10_000, requests_per_hour: 1_000_000_000 },
  };
  writeFileSync(config, JSON.stringify(services, null, 2));
  execFileSync("git", ["-C", library, "commit", "-qam", "accounts"], { env: environment });
  for (let count = 0; count < photos; count++) {
    const name = `photo ${count}`;
    emulator.files.put(name, jpegFor(name));
    addPhoto(emulator.machine, { owner: account.nsid, title: name, file: name });
  }
  if (faults > 0) {
    for (const fault of PASSING_FAULTS)
      emulator.faults.add({ fault, probability: faults / PASSING_FAULTS.length });
  }
  await measured(`first scan of ${photos} photos`, "discover");
  await measured("nothing new, by its cursor", "discover", "--metadata-only");
  await measured("nothing new, all of it listed", "discover", "--metadata-only", "--full-scan");
  if (videoBytes > 0) {
    const head = Buffer.from("0000001c6674797069736f6d0000020069736f6d69736f326d703431", "hex");
    const mdat = Buffer.alloc(16);
    mdat.writeUInt32BE(1, 0);
    mdat.write("mdat", 4, "latin1");
    mdat.writeBigUInt64BE(BigInt(videoBytes - head.length), 8);
    const part = Buffer.alloc(1024 * 1024, 7);
    async function* film(): AsyncGenerator<Uint8Array> {
      yield Buffer.concat([head, mdat]);
      for (let left = videoBytes - head.length - mdat.length; left > 0; left -= part.length) {
        yield left < part.length ? part.subarray(0, left) : part;
      }
    }
    emulator.files.put("film", {
      sizeBytes: videoBytes,
      open: film,
      read: async (offset, length) => Buffer.concat([head, mdat, part]).subarray(offset, offset + length),
    });
    addPhoto(emulator.machine, {
      owner: account.nsid,
      title: "film",
      file: "film",
      media: "video",
      postedAt: emulator.machine.now(),
      updatedAt: emulator.machine.now(),
    });
    await measured(`one video of ${videoBytes} bytes`, "discover");
  }
} finally {
  await emulator.close();
  rmSync(home, { recursive: true, force: true });
}
