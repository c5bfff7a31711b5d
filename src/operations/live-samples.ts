import { createHash } from "node:crypto";
import { PhotosyncError } from "../domain/errors.js";
import { SNIFF_BYTES, sniffMediaType } from "../infra/media/media-type.js";
import { throwIfAborted } from "../infra/until-aborted.js";
import type { Call } from "../ports/call.js";
import type { PhotoService, ServiceInstance } from "../ports/photo-service.js";
import type { LiveSamples, OpenedSample } from "../services/assumption.js";

/** A page's worth. */
const LISTED = 100;
/** Beyond this, the rest of a file is left where it is. */
const READ_BYTES = 64 * 1024 * 1024;
/** Digits, as most services' ids are, and more than any has. */
const STRANGE_ID = "999999999999999999";

export interface Sampled extends LiveSamples {
  /** What the service could not tell while listing. */
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Its own failure is a finding; what ends the whole look is not. */
function told(error: unknown, call: Call): string {
  throwIfAborted(call);
  if (error instanceof PhotosyncError && (error.kind === "auth" || error.kind === "cancelled")) throw error;
  return wordsOf(error);
}

/** Looks at an account by reading alone: a page, one photo by itself, an id that cannot exist, one picture's and one film's bytes. */
export async function takeSamples(service: PhotoService, call: Call): Promise<Sampled> {
  const listed: ServiceInstance[] = [];
  const [problems, notes]: [string[], string[]] = [[], []];
  for await (const page of service.scan({ limit: LISTED }, call)) {
    if (page.kind === "instances") listed.push(...page.seen);
    else if (page.kind === "problem") problems.push(`${page.subject}: ${told(page.error, call)}`);
    else if (page.kind === "note") notes.push(page.message);
  }
  const [first] = listed;
  const alone = first === undefined ? null : { listed: first, read: await service.read(first.id, call) };
  const strangeId = await service
    .read(STRANGE_ID, call)
    .then((found) => (found === null ? null : "an id that cannot exist was answered with a photo"))
    .catch((error: unknown) => told(error, call));
  const opened: OpenedSample[] = [];
  for (const kind of ["image", "video"] as const) {
    const sample = listed.find(({ mediaKind }) => mediaKind === kind);
    if (sample !== undefined) opened.push(await openSample(service, sample, call));
  }
  return { listed, alone, strangeId, opened, problems, notes };
}

async function openSample(
  service: PhotoService,
  instance: ServiceInstance,
  call: Call,
): Promise<OpenedSample> {
  const hashes = { sha256: createHash("sha256"), sha1: createHash("sha1"), md5: createHash("md5") };
  const beginning: Uint8Array[] = [];
  let bytes = 0;
  try {
    const download = await service.open(instance, call);
    let isWhole = true;
    for await (const part of download.bytes) {
      if (bytes < SNIFF_BYTES) beginning.push(part);
      bytes += part.length;
      for (const hash of Object.values(hashes)) hash.update(part);
      if (bytes <= READ_BYTES) continue;
      isWhole = false;
      break;
    }
    const type = await sniffMediaType(Buffer.concat(beginning).subarray(0, SNIFF_BYTES));
    const checksums = {
      sha256: hashes.sha256.digest("hex"),
      sha1: hashes.sha1.digest("hex"),
      md5: hashes.md5.digest("hex"),
    };
    return {
      instance,
      quality: download.quality,
      failure: null,
      mimeType: type?.mimeType ?? null,
      bytes,
      checksums: isWhole ? checksums : null,
    };
  } catch (error) {
    return { instance, quality: null, failure: told(error, call), mimeType: null, bytes, checksums: null };
  }
}
