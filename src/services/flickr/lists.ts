import type { JsonRecord } from "../../infra/json-value.js";
import { throwIfAborted } from "../../infra/until-aborted.js";
import type { Call } from "../../ports/call.js";
import type { FlickrClient } from "./client.js";
import { noAnswer } from "./failures.js";
import { LIST_EXTRAS, type PhotoWords, wordsOfListed } from "./photo-words.js";
import { countOf, listAt, recordAt } from "./shapes.js";

/** The most that a page of Flickr's lists holds. */
export const PAGE_SIZE = 500;

/** One page of any list. */
interface ListPage {
  readonly records: readonly JsonRecord[];
  readonly pages: number;
  readonly total: number;
}

async function pageOf(
  client: FlickrClient,
  method: string,
  params: Readonly<Record<string, string>>,
  [root, child]: readonly [root: string, child: string],
  page: number,
  call: Call,
): Promise<ListPage> {
  const asked = { ...params, page: String(page), per_page: String(PAGE_SIZE) };
  const list = recordAt(await client.ask(method, asked, call), root);
  const records = listAt(list, child);
  const total = countOf(list["total"]);
  const pages = countOf(list["pages"]);
  if (records === undefined || total === undefined || pages === undefined) {
    throw noAnswer({ account: client.account, label: method });
  }
  return { records, pages, total };
}

/** What is left when a list was read to its end. */
export interface ListEnd {
  /** False where the list says that it holds more than it gave out. */
  readonly isWhole: boolean;
  readonly pages: number;
}

/**
 * All records of a list, page by page, each page as it came. Lists shift while they are read: what is added pushes others on to
 * later pages (they come again), what is removed pulls them to earlier ones (they are missed). A list that shrank
 * meanwhile is therefore read a second time.
 */
export async function* pagesOf(
  client: FlickrClient,
  method: string,
  params: Readonly<Record<string, string>>,
  place: readonly [root: string, child: string],
  call: Call,
  onTotal: (total: number) => void = () => {},
): AsyncGenerator<readonly JsonRecord[], ListEnd> {
  const ids = new Set<unknown>();
  for (let round = 1; ; round += 1) {
    let first: number | null = null;
    let least = Number.POSITIVE_INFINITY;
    let pages = 1;
    for (let page = 1; page <= pages; page += 1) {
      throwIfAborted(call);
      const found = await pageOf(client, method, params, place, page, call);
      if (first === null && round === 1) onTotal(found.total);
      first ??= found.total;
      least = Math.min(least, found.total);
      pages = Math.max(1, found.pages);
      for (const { id } of found.records) ids.add(id);
      yield found.records;
    }
    const told = first ?? 0;
    // What a later page says of the total is no excuse: an empty page in the middle says that there is nothing at all.
    const isWhole = ids.size >= told && (told > 0 || ids.size === 0);
    const isSteady = isWhole && least >= told;
    if (isSteady || round === 2) return { isWhole, pages };
  }
}

const PHOTOS = ["photos", "photo"] as const;

/** Everything in the account, the newest upload first, each photo once. */
export async function* allPhotos(
  client: FlickrClient,
  since: number | undefined,
  call: Call,
  onTotal?: (total: number) => void,
): AsyncGenerator<readonly PhotoWords[], ListEnd> {
  const from = since === undefined ? {} : { min_upload_date: String(since) };
  // Without it Flickr may leave out what is not "safe", even of one's own.
  const params = { user_id: "me", extras: LIST_EXTRAS, safe_search: "3", ...from };
  return yield* distinct(pagesOf(client, "people.getPhotos", params, PHOTOS, call, onTotal));
}

/** What was added or changed at or after a time (unix seconds), the last change first, each photo once. */
export async function* changedPhotos(
  client: FlickrClient,
  since: number,
  call: Call,
): AsyncGenerator<readonly PhotoWords[], ListEnd> {
  const params = { min_date: String(since), extras: LIST_EXTRAS };
  return yield* distinct(pagesOf(client, "photos.recentlyUpdated", params, PHOTOS, call));
}

async function* distinct(
  pages: AsyncGenerator<readonly JsonRecord[], ListEnd>,
): AsyncGenerator<readonly PhotoWords[], ListEnd> {
  const seen = new Set<string>();
  for (;;) {
    const next = await pages.next();
    if (next.done === true) return next.value;
    const words = next.value.map((record) => wordsOfListed(record)).filter((each) => each !== null);
    const fresh = words.filter(({ id }) => !seen.has(id));
    for (const { id } of fresh) seen.add(id);
    if (fresh.length > 0) yield fresh;
  }
}
