import { PhotosyncError } from "../../domain/errors.js";
import { unavailable } from "../../infra/http/failures.js";
import { untilAborted } from "../../infra/until-aborted.js";
import type { Call } from "../../ports/call.js";
import type { Download } from "../../ports/photo-service.js";
import { askGoogle, type GoogleAccess } from "../google-api/google-request.js";
import { type OpenedBody, wholeBody } from "./whole-body.js";

/** Gives the address of a photo's bytes: a remembered one, or with `isFresh` a new one. Null where it is not to be had. */
export type BaseUrlSource = (isFresh: boolean) => Promise<string | null>;

export interface MediaBytes {
  readonly filename: string;
  readonly isVideo: boolean;
  readonly baseUrl: BaseUrlSource;
  /** True for an address that opens only with the account's token, as those of the Picker, and that the token may be shown to. */
  readonly isSigned: (address: string) => boolean;
}

/** The bytes are not to be had, now or for this account. */
export const notObtainable = (account: string, filename: string, why: string): PhotosyncError =>
  new PhotosyncError({
    kind: "partial",
    code: `${account}.not-obtainable`,
    message: `${filename} cannot be fetched from ${account}: ${why}.`,
    next: ["Run the same command again later; originals come from Google Takeout."],
  });

/** The body of a reply; null where Google refuses it. Throws for a page of the network in between, which another try may get past. */
async function mediaBody(
  response: Response,
  account: string,
  { filename, isVideo }: MediaBytes,
): Promise<OpenedBody | null> {
  const type = response.headers.get("content-type") ?? "";
  // A video that is not to be had comes as its still picture.
  const isRight = type.startsWith(isVideo ? "video/" : "image/");
  if (response.ok && response.body !== null && isRight) {
    const told = Number(response.headers.get("content-length") ?? "");
    const isKnown = told > 0 && !response.headers.has("content-encoding");
    return { body: response.body, sizeBytes: isKnown ? told : undefined };
  }
  await response.body?.cancel();
  if (response.ok)
    throw unavailable({ account, message: `${account} sent something else than ${filename}.` });
  return null;
}

async function openOnce(access: GoogleAccess, media: MediaBytes, call: Call): Promise<OpenedBody> {
  const { account } = access;
  const { filename, isVideo, isSigned } = media;
  for (const isFresh of [false, true]) {
    const baseUrl = await media.baseUrl(isFresh);
    if (baseUrl === null) throw notObtainable(account, filename, "it is no longer there for this account");
    const url = `${baseUrl}${isVideo ? "=dv" : "=d"}`;
    const label = "the bytes of a photo";
    const request = {
      label,
      lane: "bytes",
      isRepeatable: true,
      url,
      isSigned: isSigned(url),
      understood: [403, 404],
    } as const;
    const opened = await askGoogle(access, request, (reply) => mediaBody(reply, account, media), call);
    if (opened !== null) return opened;
  }
  throw notObtainable(account, filename, "Google refuses it");
}

/**
 * Opens the best that Google Photos gives: `=d` for a photo (without its place), `=dv` for a video (a transcode); neither is the
 * original (https://developers.google.com/photos/library/guides/access-media-items#base-urls). An address that has expired is renewed once; a
 * body that breaks off is asked for again. Throws `<account>.not-obtainable` (partial), and what requests throw.
 */
export async function openMediaBytes(access: GoogleAccess, media: MediaBytes, call: Call): Promise<Download> {
  const open = () => openOnce(access, media, call);
  const first = await open();
  const bytes = untilAborted(wholeBody(first, open, access.account), call);
  return { bytes, quality: "high", ...(first.sizeBytes === undefined ? {} : { sizeBytes: first.sizeBytes }) };
}
