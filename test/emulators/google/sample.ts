import { SCOPES } from "./bearer.js";
import { type EmulatorClock, manualClock } from "./clock.js";
import { SAMPLE_CLIENT, seedAccount, seedClient, seedSignIn } from "./seed.js";
import type { GoogleSettings } from "./settings.js";
import { type GoogleEmulator, startGoogleEmulator } from "./start.js";

/** A JPEG's first bytes, a date, and words that make it differ from others. */
export function samplePicture(words: string, taken = "2024:03:01 10:20:30"): Buffer {
  const size = Buffer.from([0xff, 0xc0, 0, 11, 8, 0, 30, 0, 40, 1, 1, 0x11, 0]);
  const comment = Buffer.from(`${taken} ${words}`);
  const head = Buffer.from([0xff, 0xd8, 0xff, 0xfe, 0, comment.length + 2]);
  return Buffer.concat([head, comment, size, Buffer.from([0xff, 0xd9])]);
}

/** An MP4's first bytes, and words that make it differ from others. */
export const sampleFilm = (words: string): Buffer =>
  Buffer.concat([Buffer.from("00000018667479706d7034320000000069736f6d6d703432", "hex"), Buffer.from(words)]);

export interface Sample extends GoogleEmulator {
  readonly clock: EmulatorClock & { advance(ms: number): void };
  /** A token with the scopes asked for. */
  readonly token: string;
  /** A request with the token, unless its headers say otherwise. */
  send(
    method: string,
    url: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Response>;
}

/** An emulator with one account, one client and a sign-in, on a clock that stands still. */
export async function startSample(
  options: {
    readonly scopes?: readonly string[];
    readonly settings?: Partial<GoogleSettings>;
    readonly seed?: number;
  } = {},
): Promise<Sample> {
  const clock = manualClock();
  const { settings = {}, seed = 1 } = options;
  const emulator = await startGoogleEmulator({ clock, settings, seed });
  seedAccount(emulator.state);
  seedClient(emulator.state, { id: SAMPLE_CLIENT });
  const scopes = options.scopes ?? [SCOPES.append, SCOPES.read, SCOPES.edit, SCOPES.picker, SCOPES.drive];
  const { access } = seedSignIn(emulator.state, scopes, clock.nowMs());
  return {
    ...emulator,
    clock,
    token: access.token,
    send: (method, url, body, headers = {}) => {
      const isBytes = body instanceof Uint8Array;
      const sent = body === undefined ? null : isBytes ? Buffer.from(body) : JSON.stringify(body);
      const type = isBytes ? "application/octet-stream" : "application/json";
      const own = {
        authorization: `Bearer ${access.token}`,
        ...(sent === null ? {} : { "content-type": type }),
      };
      return fetch(url, { method, redirect: "manual", body: sent, headers: { ...own, ...headers } });
    },
  };
}
