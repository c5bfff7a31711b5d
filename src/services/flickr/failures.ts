import { PhotosyncError } from "../../domain/errors.js";
import { rateLimited, signInNeeded, unavailable } from "../../infra/http/failures.js";
import { withoutSecrets } from "../../infra/http/redact.js";
import { statusFailure } from "../../infra/http/status-failure.js";
import { oauthProblem } from "./auth-problem.js";

/** A request as errors name it. */
export interface Asked {
  readonly account: string;
  /** `photos.getInfo`, `upload`. */
  readonly label: string;
}

/** Flickr's own number for what went wrong with a call, where it gave one. */
export function flickrCodeOf(error: unknown): number | null {
  const code = error instanceof PhotosyncError ? error.data["flickrCode"] : undefined;
  return typeof code === "number" ? code : null;
}

const LONGEST_QUOTE = 200;
const quoted = (said: string): string =>
  withoutSecrets(said).replace(/\s+/g, " ").trim().slice(0, LONGEST_QUOTE);

/** What Flickr says, with several codes, while it is down. */
const DOWN = /not currently available/i;

/**
 * An answer with `stat="fail"` as photosync's own error. The codes from 95 on mean the same for every method
 * (flickr.com/services/api, "Error Codes" of any method); below that they are the method's own and `data.flickrCode` tells them.
 */
export function failed({ account, label }: Asked, code: number, said: string): PhotosyncError {
  const message = `${account} refused ${label}: ${quoted(said) || "no reason given"} (${code}).`;
  if (code === 105 || DOWN.test(said)) return unavailable({ account, message });
  if (code === 106) return unavailable({ account, message });
  if (code === 98) return signInNeeded(account, `${account} no longer takes the sign-in (${code}).`);
  if (code === 99) {
    return signInNeeded(account, `${account} does not let photosync do ${label}: ${quoted(said)}`);
  }
  if (code === 100) return signInNeeded(account, `${account} does not take the API key: ${quoted(said)}`);
  return new PhotosyncError({
    kind: "user",
    code: `${account}.refused`,
    message,
    next: ["If the photo is well on Flickr's own pages, please report this message."],
    data: { flickrCode: code },
  });
}

/** A status that is no success. `body` is what came with it. */
export function statusFailed(
  { account, label }: Asked,
  { status, headers }: Pick<Response, "status" | "headers">,
  body: string,
  nowMs: number,
): PhotosyncError {
  const oauth = oauthProblem(body, account);
  if (oauth !== null) return oauth;
  // A page that is not there stands for trouble in front of the API, which has one address for everything.
  if (status === 404)
    return unavailable({ account, message: `${account} answered ${label} with a page that is not there.` });
  const said = /^\s*</.test(body) ? "" : body;
  return statusFailure({ account, label, status, headers, said, nowMs });
}

/** What came with status 200 and is not what the method gives: a page of the network in front of Flickr. */
export const noAnswer = ({ account, label }: Asked): PhotosyncError =>
  unavailable({ account, message: `${account} answered ${label} with something that is no answer.` });

/** An upload that was refused for all photos to come. */
export const uploadsClosed = (account: string, said: string): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: `${account}.full`,
    message: `${account} takes no more uploads: ${quoted(said)}.`,
    next: ["See what the account may hold on flickr.com; a free account holds 1,000 photos and videos."],
  });

/** An upload whose bytes Flickr does not want. */
export const notTaken = (account: string, filename: string, said: string): PhotosyncError =>
  new PhotosyncError({
    kind: "partial",
    code: `${account}.not-taken`,
    message: `${account} does not take ${filename}: ${quoted(said)}.`,
    next: ["It stays in the library and in its stores; Flickr takes JPEG, PNG, GIF and common videos."],
  });

/** Flickr's request to wait, as with code 14. */
export const askedToWait = (account: string, said: string, seconds: number | null): PhotosyncError =>
  rateLimited({
    account,
    message: `${account} asks to wait before the next upload: ${quoted(said)}.`,
    retryAfterMs: seconds === null ? null : seconds * 1000,
  });

/** An upload that Flickr named and does not show. */
export const unreadable = (account: string, id: string): PhotosyncError =>
  unavailable({ account, message: `${account} took an upload as photo ${id} and does not show it yet.` });
