/**
 * What of Flickr's behaviour is not confirmed, so that tests can try every answer, and a few limits that tests make small.
 * Each default is the likeliest answer, or the one that is harder on a client.
 */
export interface FlickrOptions {
  /** How long a change stays out of `photos.search`. */
  readonly searchLagSeconds: number;
  /** The same for `people.getPhotos` and the other lists; most likely none. */
  readonly listLagSeconds: number;
  /** The same for `photos.getInfo`, `getPerms` and `geo.getPerms`, which may be answered from a copy that is behind. */
  readonly infoLagSeconds: number;
  /** How many results one search gives out at most. */
  readonly searchCap: number;
  /** What pages past the cap hold: earlier results again, or error 20. */
  readonly pastSearchCap: "repeat" | "refuse";
  /** `total` in lists. */
  readonly total: "number" | "string";
  /** What an upload of HEIC, HEIF, WebP, AVIF or JPEG XL does: error 5, or stored as JPEG. */
  readonly modernFormats: "refuse" | "convert";
  /** How a free account's originals show: not at all; as an address that answers 404; or as one that gives a smaller picture. */
  readonly freeOriginals: "absent" | "missing" | "reduced";
  /** Whether `setPerms` gives the photo other secrets. */
  readonly setPermsChangesSecrets: boolean;
  /** What `setPerms` does to who may comment and tag where it is not told: leaves it, or opens it to everybody. */
  readonly omittedPerms: "keep" | "everybody";
  /** Whether `dedup_check`, which no page lists, has any effect. */
  readonly knowsDedupCheck: boolean;
  /** How long an upload stays unknown to `dedup_check`. */
  readonly dedupLagSeconds: number;
  /** Where the video original's address leads an API client. */
  readonly videoOriginal: "redirect" | "missing";
  /** Where `duplicate_photo_id` stands in an upload's error 9. */
  readonly duplicateForm: "attributes" | "elements";
  /** Whether commas in an upload's `tags` part tags. */
  readonly commasSplitTags: boolean;
  /** Whether title and keywords inside the file are taken over. */
  readonly readsEmbeddedText: boolean;
  /** Whether rotating on the site writes the original anew. */
  readonly rotationRewritesOriginal: boolean;
  /** Whether links in descriptions gain a `rel`. */
  readonly addsRelToLinks: boolean;
  readonly mostTags: number;
  readonly mostPhotosInSet: number;
  readonly freePhotos: number;
  readonly photoBytes: number;
  readonly videoBytes: number;
  /** How long an asynchronous upload takes. */
  readonly ticketSeconds: number;
  /** Whether asynchronous uploads end in failure. */
  readonly ticketsFail: boolean;
}

export const defaultOptions: FlickrOptions = {
  searchLagSeconds: 30,
  listLagSeconds: 0,
  infoLagSeconds: 0,
  searchCap: 4000,
  pastSearchCap: "repeat",
  total: "number",
  modernFormats: "refuse",
  freeOriginals: "absent",
  setPermsChangesSecrets: false,
  omittedPerms: "everybody",
  knowsDedupCheck: true,
  dedupLagSeconds: 0,
  videoOriginal: "redirect",
  duplicateForm: "attributes",
  commasSplitTags: false,
  readsEmbeddedText: true,
  rotationRewritesOriginal: false,
  addsRelToLinks: true,
  mostTags: 75,
  mostPhotosInSet: 10_000,
  freePhotos: 1000,
  photoBytes: 209_715_200,
  videoBytes: 1_073_741_824,
  ticketSeconds: 5,
  ticketsFail: false,
};
