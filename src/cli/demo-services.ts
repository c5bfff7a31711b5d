import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { PhotosyncError } from "../domain/errors.js";
import type { DemoResult } from "../operations/results.js";
import { type EmulatorProcess, startEmulators } from "./demo-emulators.js";
import { type DemoSettings, demoResult, runCommand } from "./demo-steps.js";

/** The demo of services: that of the main job, and what the emulators need. */
export interface ServicesDemoSettings extends DemoSettings {
  /** The clone of photosync that has the emulators. */
  readonly root: string;
  /** For sign-ins and the lists of requests. */
  readonly folder: string;
  /** A photo by which it is shown how one comes to be public; null for none. */
  readonly photo: string | null;
}

/** What the demo does next. */
type Step =
  | { readonly kind: "say"; readonly text: string }
  | { readonly kind: "run"; readonly words: readonly string[] }
  /** Names the accounts in the configuration, as an owner does: by hand, and with a commit. */
  | { readonly kind: "accounts" }
  | { readonly kind: "mark"; readonly name: string }
  | { readonly kind: "fail"; readonly percent: number };

const say = (text: string): Step => ({ kind: "say", text });
const run = (...words: readonly string[]): Step => ({ kind: "run", words });

/** Settings of the demo alone: everything may be uploaded, for nobody else is there to see it. */
const REPLICATE = { "google-photos": { photos: "all" }, flickr: { photos: "all" } };

const decided = (photo: string): readonly Step[] => [
  say("Who may see what: compared, decided, carried out, and told from Git."),
  run("audit", "--visibility-check"),
  run("visibility", "set", photo, "public", "--yes", "--reason", "for the club's page"),
  run("replicate", "--execute"),
  run("audit", "--history", photo),
  { kind: "mark", name: "4-visibility" },
];

const stepsOf = ({ paths, photo }: ServicesDemoSettings): readonly Step[] => [
  say("A library, with accounts at an emulated Google and an emulated Flickr on this computer."),
  run("init"),
  { kind: "accounts" },
  say("Sign in to each. The emulators' pages agree by themselves; the services' own pages would ask you."),
  run("connect", "flickr"),
  run("connect", "google-photos"),
  run("connect", "google-drive"),
  { kind: "mark", name: "1-signing-in" },
  say("Phase 1: what is in a folder, in a Takeout, and in the accounts."),
  run("discover", ...paths),
  run("discover", "--service", "flickr"),
  run("discover", "--service", "google-drive"),
  { kind: "mark", name: "2-first-discover" },
  say("Phase 2: what the sources disagree on."),
  run("resolve"),
  say(
    "Phase 3: the plan, and exactly that. Uploads go out private, and are read back. New photos are private here, so what Flickr shows to others is narrowed; `visibility: false` under `replicate` in the account's entry would leave it.",
  ),
  run("replicate", "--dry-run"),
  run("replicate", "--execute"),
  { kind: "mark", name: "3-first-replicate" },
  run("verify", "--deep"),
  ...(photo === null ? [] : decided(photo)),
  say("A second sync: nothing is new. What was just written at the services is looked at once more."),
  run("discover"),
  run("resolve"),
  run("replicate", "--execute"),
  { kind: "mark", name: "5-second-sync" },
  say("A third, while 20 of 100 requests fail in one way or another."),
  { kind: "fail", percent: 20 },
  run("discover", "--full-scan"),
  ...(photo === null ? [] : [run("visibility", "set", photo, "private")]),
  run("replicate", "--execute"),
  { kind: "fail", percent: 0 },
  { kind: "mark", name: "6-under-faults" },
  run("status"),
];

/**
 * Runs a whole sync of three phases against emulated services, each command a process of its own as a person would type it. Sign-ins
 * are kept in the demo's folder and never in the computer's keychain. Throws what `startEmulators` throws, `demo.no-git` (user), `demo.step-failed`.
 */
export async function runServicesDemo(settings: ServicesDemoSettings): Promise<DemoResult> {
  const logs = join(settings.folder, "requests");
  const emulators = await startEmulators(settings.root, logs);
  const signIns = join(settings.folder, "sign-ins");
  const environment = {
    ...emulators.environment,
    PHOTOSYNC_KEYCHAIN: "off",
    XDG_CONFIG_HOME: signIns,
    APPDATA: signIns,
  };
  const { stdout } = settings;
  const done: DemoResult["steps"][number][] = [];
  try {
    for (const step of stepsOf(settings)) {
      if (step.kind === "say") stdout?.write(`\n── ${step.text}\n`);
      else if (step.kind === "run") done.push(await runCommand(step.words, { ...settings, environment }));
      else if (step.kind === "accounts") await nameAccounts(settings, emulators);
      else if (step.kind === "fail") await emulators.fail(step.percent);
      else {
        const { google, flickr, faults } = await emulators.mark(step.name);
        const failed = faults === 0 ? "" : `, ${faults} of them made to fail`;
        stdout?.write(
          `\n── Requests since the last count: ${google} to Google, ${flickr} to Flickr${failed}\n`,
        );
        stdout?.write(`   (listed in ${join(logs, step.name)}-*.log)\n`);
      }
    }
  } finally {
    await emulators.close();
  }
  return demoResult(settings.library, done);
}

async function nameAccounts({ library, stdout }: DemoSettings, { services }: EmulatorProcess): Promise<void> {
  const path = join(library, "config", "services.json");
  const present: unknown = JSON.parse(await readFile(path, "utf8"));
  const entries = Object.entries(services).map(([name, entry]) => {
    const replicate: unknown = Reflect.get(REPLICATE, name);
    return [name, { ...entry, ...(replicate === undefined ? {} : { replicate }) }];
  });
  const next = { ...(typeof present === "object" ? present : {}), ...Object.fromEntries(entries) };
  await writeFile(path, `${JSON.stringify(next, null, 2)}\n`);
  const message = "Three accounts, at emulated services";
  stdout?.write(
    `\n── config/services.json now names ${Object.keys(services).join(", ")}, and where they are.\n`,
  );
  stdout?.write(`$ git commit -am '${message}'\n`);
  const author = ["-c", "user.name=Demo", "-c", "user.email=demo@localhost"];
  await promisify(execFile)("git", ["-C", library, ...author, "commit", "-qam", message]).catch(
    (error: unknown) => {
      throw new PhotosyncError({
        kind: "user",
        code: "demo.no-git",
        message:
          "The demo edits the library's configuration as its owner would, and could not commit that with the program git.",
        next: ["Install git, and run the demo again."],
        cause: error,
      });
    },
  );
}
