import { PhotosyncError } from "../../domain/errors.js";
import type { Call } from "../../ports/call.js";
import { BEFORE_READING, readingPage } from "./listing-body.js";
import { decoded, type ReadPage } from "./read-listing.js";
import type { S3Requests } from "./s3-requests.js";

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

/** One page of what lies under `prefix`, by key in UTF-8 order. */
export function listObjects(
  requests: S3Requests,
  ask: {
    readonly prefix: string;
    readonly after?: string;
    readonly token?: string;
    readonly delimiter?: string;
    readonly pageSize?: number;
  },
  call: Call,
): Promise<ListPage> {
  const { bucket } = requests.place;
  return requests.send(
    "list objects",
    "read",
    async ({ sdk, client }, options) => {
      const command = new sdk.ListObjectsV2Command({
        Bucket: bucket,
        Prefix: ask.prefix,
        // Keys of others may hold what XML cannot.
        EncodingType: "url",
        ...(ask.after === undefined ? {} : { StartAfter: ask.after }),
        ...(ask.token === undefined ? {} : { ContinuationToken: ask.token }),
        ...(ask.delimiter === undefined ? {} : { Delimiter: ask.delimiter }),
        ...(ask.pageSize === undefined ? {} : { MaxKeys: ask.pageSize }),
      });
      const read: { page?: ReadPage } = {};
      command.middlewareStack.add(
        readingPage((page) => {
          read.page = page;
        }),
        BEFORE_READING,
      );
      const page = await client.send(command, options);
      if (read.page !== undefined) return asPage(requests.store, read.page);
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

const asPage = (store: string, { objects, folders, isTruncated, token }: ReadPage): ListPage => ({
  objects,
  folders,
  next: isTruncated ? nextPage(store, token) : null,
});
