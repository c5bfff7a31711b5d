import type { Answer } from "../../../emulators/flickr/machine/answer.js";
import {
  type FlickrMachine,
  flickrMachine,
  type MachineSettings,
} from "../../../emulators/flickr/machine/machine.js";
import { addAccount } from "../../../emulators/flickr/machine/seeding.js";
import type { Perms } from "../../../emulators/flickr/machine/state.js";

export const OWNER = "11111111@N01";
export const START = 1_700_000_000;

/** A Flickr with one owner, whose clock a test moves. */
export function ownersFlickr(settings: Omit<MachineSettings, "now"> = {}) {
  const clock = { seconds: START };
  const machine = flickrMachine({ now: () => clock.seconds, ...settings });
  addAccount(machine, { nsid: OWNER });
  return { machine, clock };
}

export const caller = (nsid: string | null, perms: Perms = "write") => ({ nsid, perms });

/** Calls as the owner. */
export const asOwner = (machine: FlickrMachine, method: string, args: Record<string, string> = {}): Answer =>
  machine.call(`flickr.${method}`, args, caller(OWNER));

/** The failure's code; 0 where it succeeded. */
export const codeOf = (answer: Answer): number => (answer.stat === "fail" ? answer.code : 0);

/** What stands at a path of names in an answer. */
export function at(answer: Answer, ...path: readonly (string | number)[]): unknown {
  let value: unknown = answer.stat === "ok" ? answer.body : undefined;
  for (const name of path) {
    value = typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  }
  return value;
}

/** The ids of a list's page. */
export function idsIn(answer: Answer, list: "photos" | "photoset" = "photos"): string[] {
  const photos = at(answer, list, "photo");
  return Array.isArray(photos) ? photos.map((photo: { readonly id: string }) => photo.id) : [];
}

/** A file as it might be sent. */
export const jpeg = (digest: string, more: object = {}) => ({
  filename: "IMG_1.jpg",
  sizeBytes: 1000,
  digest,
  extension: "jpg",
  kind: "image" as const,
  ...more,
});
