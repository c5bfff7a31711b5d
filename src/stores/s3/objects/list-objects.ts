import { PhotosyncError } from "../../../domain/errors.js";
import type { Call } from "../../../ports/call.js";
import { textOf } from "../requests/body-text.js";
import type { S3Requests } from "../requests/s3-requests.js";
import { decoded, readListing } from "./read-listing.js";

/** A listed object under its whole key. */
export interface Listed {
  readonly key: string;
  readonly sizeBytes: number;
}

export interface ListPage {
  readonly objects: readonly Listed[];
  /** What keys share up to the delimiter, where one was asked. */
  readonly folders: readonly string[];
  /** For the next page; null after the last. */
  readonly next: string | null;
}

/** Which page is asked for. */
export interface ListAsk {
  readonly prefix: string;
  readonly after?: string;
  readonly token?: string;
  readonly delimiter?: string;
  readonly pageSize?: number;
}

/** One page of what lies under `prefix`, by key in UTF-8 order. */
export async function listObjects(requests: S3Requests, ask: ListAsk, call: Call): Promise<ListPage> {
  const query = {
    "list-type": "2",
    prefix: ask.prefix,
    // Keys of others may hold what XML cannot.
    "encoding-type": "url",
    ...(ask.after === undefined ? {} : { "start-after": ask.after }),
    ...(ask.token === undefined ? {} : { "continuation-token": ask.token }),
    ...(ask.delimiter === undefined ? {} : { delimiter: ask.delimiter }),
    ...(ask.pageSize === undefined ? {} : { "max-keys": String(ask.pageSize) }),
  };
  const page = await requests.ask(
    "list objects",
    "read",
    async (wire, options) => {
      const { body } = await wire.ask({ method: "GET", key: "", query }, options);
      return body === null ? null : readListing(await textOf(body));
    },
    call,
  );
  if (page === null) return listBySdk(requests, ask, call);
  const { objects, folders, isTruncated, token } = page;
  return { objects, folders, next: isTruncated ? nextPage(requests.store, token) : null };
}

/** The same where what the server says has another form than the known one: by a whole parser, which takes a hundred times as long. */
function listBySdk(requests: S3Requests, ask: ListAsk, call: Call): Promise<ListPage> {
  const { bucket } = requests.place;
  return requests.send(
    "list objects",
    "read",
    async ({ sdk, client }, options) => {
      const command = new sdk.ListObjectsV2Command({
        Bucket: bucket,
        Prefix: ask.prefix,
        EncodingType: "url",
        ...(ask.after === undefined ? {} : { StartAfter: ask.after }),
        ...(ask.token === undefined ? {} : { ContinuationToken: ask.token }),
        ...(ask.delimiter === undefined ? {} : { Delimiter: ask.delimiter }),
        ...(ask.pageSize === undefined ? {} : { MaxKeys: ask.pageSize }),
      });
      const page = await client.send(command, options);
      return {
        objects: (page.Contents ?? []).map(({ Key, Size }) => ({
          key: decoded(Key ?? ""),
          sizeBytes: Size ?? 0,
        })),
        folders: (page.CommonPrefixes ?? []).map(({ Prefix }) => decoded(Prefix ?? "")),
        next: page.IsTruncated === true ? nextPage(requests.store, page.NextContinuationToken) : null,
      };
    },
    call,
  );
}

/** What asks for the next page. Throws `brokenListing` where there is nothing. */
export function nextPage(store: string, token: string | undefined): string {
  if (token !== undefined && token !== "") return token;
  throw brokenListing(store);
}

/** `store.unreliable` (integrity), for what is left out of a listing would pass for missing. */
export const brokenListing = (store: string): PhotosyncError =>
  new PhotosyncError({
    kind: "integrity",
    code: "store.unreliable",
    message: `Store ${store} says that its listing goes on, and not how to ask for the rest.`,
    next: ["Do not rely on this store; report this message to its provider."],
  });
