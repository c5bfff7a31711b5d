import { PhotosyncError } from "../../domain/errors.js";
import { unavailable } from "../../infra/http/failures.js";
import { untilAborted } from "../../infra/until-aborted.js";
import type { Call } from "../../ports/call.js";
import type { Download } from "../../ports/photo-service.js";
import { askGoogle, type GoogleAccess } from "../google-api/google-request.js";

/** Gives the address of a photo's bytes: a remembered one, or with `isFresh` a new one. Null where it is not to be had. */
export type BaseUrlSource = (isFresh: boolean) => Promise<string | null>;

export interface MediaBytes {
  readonly filename: string;
  readonly isVideo: boolean;
  readonly baseUrl: BaseUrlSource;
  /** True where the address opens only with the account's token, as those of the Picker. */
  readonly isSigned: boolean;
}

/** The bytes are not to be had, now or for this account. */
export const notObtainable = (account: string, filename: string, why: string): PhotosyncError =>
  new PhotosyncError({
    kind: "partial",
    code: `${account}.not-obtainable`,
    message: `${filename} cannot be fetched from ${account}: ${why}.`,
    next: ["Run the same command again later; originals come from Google Takeout."],
  });

/** All bytes that were announced, or `<account>.unavailable`: a body that ends early is no photo. */
async function* whole(
  body: AsyncIterable<Uint8Array>,
  sizeBytes: number | undefined,
  account: string,
): AsyncGenerator<Uint8Array> {
  let received = 0;
  for await (const part of body) {
    received += part.length;
    yield part;
  }
  if (sizeBytes !== undefined && received !== sizeBytes) {
    throw unavailable({ account, message: `${account} sent ${received} of ${sizeBytes} bytes.` });
  }
}

/**
 * Opens the best that Google Photos gives: `=d` for a photo (without its place), `=dv` for a video (a transcode); neither is the
 * original (https://developers.google.com/photos/library/guides/access-media-items#base-urls). An address that has expired is renewed once.
 */
export async function openMediaBytes(access: GoogleAccess, media: MediaBytes, call: Call): Promise<Download> {
  const { account } = access;
  const { filename, isVideo, isSigned } = media;
  for (const isFresh of [false, true]) {
    const baseUrl = await media.baseUrl(isFresh);
    if (baseUrl === null) throw notObtainable(account, filename, "it is no longer there for this account");
    const response = await askGoogle(
      access,
      {
        label: "the bytes of a photo",
        lane: "bytes",
        isRepeatable: true,
        url: `${baseUrl}${isVideo ? "=dv" : "=d"}`,
        isSigned,
        understood: [403, 404],
      },
      async (reply) => reply,
      call,
    );
    const type = response.headers.get("content-type") ?? "";
    if (response.ok && response.body !== null && /^(?:image|video)\//.test(type)) {
      const told = Number(response.headers.get("content-length") ?? "");
      const sizeBytes = told > 0 && !response.headers.has("content-encoding") ? told : undefined;
      const bytes = untilAborted(whole(response.body, sizeBytes, account), call);
      return { bytes, quality: "high", ...(sizeBytes === undefined ? {} : { sizeBytes }) };
    }
    await response.body?.cancel();
    if (response.ok)
      throw unavailable({ account, message: `${account} sent something else than ${filename}.` });
    if (response.status === 404) break;
  }
  throw notObtainable(account, filename, "Google refuses it");
}
