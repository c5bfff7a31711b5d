import type { Call } from "../../ports/call.js";
import type { AccountReport } from "../../ports/photo-service.js";
import { grouped } from "../../text/units.js";
import type { FlickrClient } from "./client.js";
import { contentOf, countOf, flagOf, recordAt, textOf } from "./shapes.js";

const MEBIBYTE = 2 ** 20;

/** Whether Flickr gives the account its originals as they are, which it does for Pro members (since May 2025): one request. */
export async function givesOriginals(client: FlickrClient, call: Call): Promise<boolean> {
  const user = recordAt(await client.ask("people.getUploadStatus", {}, call), "user");
  return flagOf(user["ispro"]) === true;
}

/** Who is signed in, and what Flickr lets that account do: one request. */
export async function accountReport(client: FlickrClient, call: Call): Promise<AccountReport> {
  const user = recordAt(await client.ask("people.getUploadStatus", {}, call), "user");
  const isPro = flagOf(user["ispro"]) === true;
  const count = countOf(user["upload_count"]);
  const [photoBytes, videoBytes] = [recordAt(user, "filesize"), recordAt(user, "videosize")].map((each) =>
    countOf(each["maxbytes"]),
  );
  const isFull = textOf(user["upload_limit_status"]) === "reached";
  return {
    owner: contentOf(user["username"]) ?? textOf(user["id"]) ?? "unknown",
    facts: [
      isPro ? "Flickr Pro" : "a free account: Flickr lets programs download nothing above 1024 pixels of it",
      ...(count === undefined ? [] : [`${grouped(count)} photos and videos`]),
      ...(isFull ? ["takes no more uploads: the limit of the account is reached"] : []),
      ...(photoBytes === undefined ? [] : [`photos up to ${grouped(Math.floor(photoBytes / MEBIBYTE))} MB`]),
      ...(videoBytes === undefined ? [] : [`videos up to ${grouped(Math.floor(videoBytes / MEBIBYTE))} MB`]),
    ],
  };
}
