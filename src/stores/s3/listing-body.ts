import { Readable } from "node:stream";
import { type ReadPage, readListing } from "./read-listing.js";

/** What the SDK is given in the place of a page that was read here. */
const EMPTY = "<ListBucketResult></ListBucketResult>";
const OK = 200;

/**
 * A middleware of the SDK that reads the pages of a listing before it does, which takes it a hundredth of a second each: `onPage` gets what it read, and
 * the SDK a page without anything. What is not understood goes on to the SDK as it came.
 */
export const readingPage =
  (onPage: (page: ReadPage) => void) =>
  <A, R extends { readonly response: unknown }>(next: (args: A) => Promise<R>) =>
  async (args: A): Promise<R> => {
    const answer = await next(args);
    const { response } = answer;
    if (!isResponse(response) || response.statusCode !== OK || !(response.body instanceof Readable))
      return answer;
    const chunks: Uint8Array[] = [];
    for await (const chunk of response.body) if (chunk instanceof Uint8Array) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString("utf8");
    const page = readListing(text);
    if (page !== null) onPage(page);
    response.body = Readable.from([Buffer.from(page === null ? text : EMPTY)]);
    return answer;
  };

/** Where that middleware belongs: the next thing to the server. */
export const BEFORE_READING = { step: "deserialize", priority: "low", name: "photosyncListing" } as const;

const isResponse = (value: unknown): value is { readonly statusCode: unknown; body: unknown } =>
  typeof value === "object" && value !== null && "statusCode" in value && "body" in value;
