import { unavailable } from "../../infra/http/failures.js";
import type { Call } from "../../ports/call.js";
import type { ScanPage, ScanRequest, ServiceInstance } from "../../ports/photo-service.js";
import { oddReply } from "../google-api/google-request.js";
import type { LibraryClient } from "./library-client.js";
import type { LibraryMedia } from "./library-media.js";

/**
 * Lists what photosync uploaded, a hundred on a page; pages may be empty and go on. There is no feed of changes, so there is no
 * cursor; and it is never the whole account, so nothing can be told to be gone. When a photo came is not known: `since` lists
 * all, with a note.
 */
export async function* scanLibrary(
  client: LibraryClient,
  shown: (media: LibraryMedia) => Promise<ServiceInstance>,
  account: string,
  { since, limit = Number.POSITIVE_INFINITY }: ScanRequest,
  call: Call,
): AsyncGenerator<ScanPage> {
  if (since !== undefined) {
    const message = `${account} does not say when a photo came to it: all that photosync uploaded is listed.`;
    yield { kind: "note", message };
  }
  const known = new Set<string>();
  let pageToken: string | undefined;
  do {
    const page = await client.mediaPage(pageToken, call);
    const seen: ServiceInstance[] = [];
    for (const media of page.media) {
      // Pages shift when something is uploaded while they are read.
      if (known.has(media.id) || known.size >= limit) continue;
      known.add(media.id);
      seen.push(await shown(media));
    }
    if (page.unreadable > 0) {
      const message = `${account} listed ${page.unreadable} photos without an id or a type.`;
      yield { kind: "problem", subject: account, error: unavailable({ account, message }) };
    }
    if (seen.length > 0) yield { kind: "instances", seen };
    if (page.nextPageToken !== undefined && page.nextPageToken === pageToken) {
      throw oddReply(account, "mediaItems.list", "an end");
    }
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined && known.size < limit);
  yield { kind: "end", isWhole: false, gone: [] };
}
