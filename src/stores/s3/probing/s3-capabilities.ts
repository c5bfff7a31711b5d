import { isRecord } from "../../../domain/is-record.js";
import type { Time } from "../../../infra/http/time.js";
import type { S3Place } from "../settings/s3-place.js";
import { placeFile } from "./place-file.js";

/** What a server was seen to do, so that what it cannot prove is proven by reading back. */
export interface Capabilities {
  /** Refuses a body whose SHA-256 is not the one that was signed. */
  readonly checksBodies: boolean;
  /** Checks `x-amz-checksum-sha256`, keeps it, and tells it again. */
  readonly keepsChecksums: boolean;
  /** `If-None-Match: *` keeps a PUT from replacing what is there. */
  readonly conditionalPut: boolean;
  /** The same when an upload in parts is finished. */
  readonly conditionalComplete: boolean;
}

/** Nothing is believed. */
export const NO_CAPABILITIES: Capabilities = {
  checksBodies: false,
  keepsChecksums: false,
  conditionalPut: false,
  conditionalComplete: false,
};

/** Keeps what a probe found. What is kept may be lost: then it is probed again. */
export interface CapabilityMemory {
  recall(): Promise<Capabilities | null>;
  remember(found: Capabilities): Promise<void>;
}

/** Servers are replaced by others of their kind. */
const MOST_DAYS = 30;
const DAY_MS = 24 * 3_600_000;

function understood(
  { probed, capabilities: said }: Readonly<Record<string, unknown>>,
  nowMs: number,
): Capabilities | null {
  const ageMs = typeof probed === "string" ? nowMs - Date.parse(probed) : Number.NaN;
  if (!isRecord(said) || !(ageMs >= -DAY_MS && ageMs <= MOST_DAYS * DAY_MS)) return null;
  return {
    checksBodies: said["checksBodies"] === true,
    keepsChecksums: said["keepsChecksums"] === true,
    conditionalPut: said["conditionalPut"] === true,
    conditionalComplete: said["conditionalComplete"] === true,
  };
}

/** A memory in a file on this computer; of another place than `place`, and of more than a month ago, it remembers nothing. Throws what `fileError` makes of a failure. */
export function capabilityFile(
  path: string,
  place: S3Place,
  { nowMs }: Pick<Time, "nowMs">,
): CapabilityMemory {
  const file = placeFile(path, place);
  return {
    async recall() {
      const notes = await file.read();
      return notes === null ? null : understood(notes, nowMs());
    },
    remember: (capabilities) => file.write({ probed: new Date(nowMs()).toISOString(), capabilities }),
  };
}
