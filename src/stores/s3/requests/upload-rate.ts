import { Readable } from "node:stream";
import type { Time } from "../../../infra/http/time.js";
import type { Call } from "../../../ports/call.js";
import { badSettings } from "../settings/bad-settings.js";

const CHUNK_BYTES = 64 * 1024;
const RATE = /^(\d+(?:\.\d+)?)\s*([kMG]?)(i?)B?(?:\/s)?$/;
const POWERS: Readonly<Record<string, number>> = { "": 0, k: 1, M: 2, G: 3 };

/** Bytes a second that `5 MB/s`, `500 kB/s` or `2 MiB/s` mean; null for anything else. */
export function parseRate(text: string): number | null {
  const [, amount, unit = "", binary] = RATE.exec(text.trim()) ?? [];
  const bytes = Number(amount) * (binary === "i" ? 1024 : 1000) ** (POWERS[unit] ?? 0);
  return bytes > 0 ? bytes : null;
}

/** Bytes a second that `5 MB/s`, `500 kB/s` or `2 MiB/s` mean; `store` as for `s3PlaceOf`. Throws `config.store` (user) for anything else. */
export function uploadRate(store: string | null, text: string): number {
  const bytes = parseRate(text);
  if (bytes !== null) return bytes;
  throw badSettings(
    store,
    `max_upload_rate ${text} is no rate`,
    "Write it as a number over 0 and a unit, such as 5 MB/s or 500 kB/s.",
  );
}

/** Bytes to be sent: as they are where nothing limits them, else drop by drop. To be asked for anew by each attempt. */
export type Bodies = (bytes: Uint8Array, call: Call) => Uint8Array | Readable;

/** Everything sent by one store shares the rate, however many transfers there are. */
export function pacedBodies(bytesPerSecond: number, time: Time): Bodies {
  let freeAtMs = Number.NEGATIVE_INFINITY;
  async function* drops(bytes: Uint8Array, call: Call): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
      const drop = bytes.subarray(at, at + CHUNK_BYTES);
      const now = time.elapsedMs();
      const startMs = Math.max(now, freeAtMs);
      freeAtMs = startMs + (drop.length / bytesPerSecond) * 1000;
      if (startMs > now) await time.sleep(startMs - now, call);
      yield drop;
    }
  }
  return (bytes, call) => Readable.from(drops(bytes, call), { objectMode: false });
}
