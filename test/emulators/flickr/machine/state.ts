import type { SentFile } from "./sent-file.js";

/** What somebody's account looks like from inside. Ids are NSIDs: `11111111@N01`. */
export interface Account {
  readonly nsid: string;
  readonly username: string;
  readonly realname: string;
  readonly pathAlias: string | null;
  readonly isPro: boolean;
  /** Those whom this account calls contacts, and what else they are to it. */
  readonly contacts: ReadonlyMap<string, { readonly isFriend: boolean; readonly isFamily: boolean }>;
  /** What applies where an upload says nothing; `privacy` as `prefs.getPrivacy` counts: 1 public, 2 friends, 3 family, 4 both, 5 private. */
  readonly privacy: 1 | 2 | 3 | 4 | 5;
  /** As `prefs.getGeoPerms` counts: 0 none set, 1 public, 2 contacts, 3 friends and family, 4 friends, 5 family, 6 private. */
  readonly geoPerms: 0 | 1 | 2 | 3 | 4 | 5 | 6;
  readonly importsGeoExif: boolean;
  readonly safetyLevel: SafetyLevel;
  readonly contentType: ContentType;
  readonly isHidden: boolean;
  readonly showsExif: boolean;
  /** Whether those who see a photo may fetch its original. */
  readonly allowsDownload: boolean;
  /** Ids of the sets in the owner's order, newest first unless reordered. */
  readonly setIds: readonly string[];
}

export type SafetyLevel = 1 | 2 | 3;
export type ContentType = 1 | 2 | 3 | 4;
/** Who may comment or tag: 0 the owner, 1 friends and family, 2 contacts, 3 everybody. */
export type Audience = 0 | 1 | 2 | 3;

/** A tag as it was typed and as Flickr compares it. */
export interface PhotoTag {
  /** `24541304-5628095432-586`: account, photo, tag. */
  readonly fullId: string;
  readonly author: string;
  readonly raw: string;
  readonly clean: string;
  readonly isMachineTag: boolean;
}

/** Where a photo was taken, and who besides the owner may know. */
export interface PhotoPlace {
  /** Decimal degrees, at most six decimals. */
  readonly latitude: string;
  readonly longitude: string;
  readonly accuracy: number;
  readonly context: 0 | 1 | 2;
  readonly isPublic: boolean;
  readonly isContact: boolean;
  readonly isFriend: boolean;
  readonly isFamily: boolean;
}

/** The three flags by which Flickr keeps a photo's visibility. */
export interface PrivacyFlags {
  readonly isPublic: boolean;
  readonly isFriend: boolean;
  readonly isFamily: boolean;
}

/** One photo or video. Never changed in place: a change puts another record under the same id. */
export interface Photo extends PrivacyFlags {
  readonly id: string;
  readonly owner: string;
  readonly server: string;
  /** Opens all sizes but the original. */
  readonly secret: string;
  /** Opens the original. */
  readonly originalSecret: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly PhotoTag[];
  readonly permComment: Audience;
  readonly permAddMeta: Audience;
  /** Kept out of public searches; whoever may see it still does. */
  readonly isHidden: boolean;
  readonly safetyLevel: SafetyLevel;
  readonly contentType: ContentType;
  readonly license: string;
  /** Unix seconds; the owner may change it. */
  readonly postedAt: number;
  readonly updatedAt: number;
  /** `2004-11-29 16:01:26`, without a zone. */
  readonly taken: string;
  readonly takenGranularity: number;
  /** Flickr put in the upload time because the file had none. */
  readonly isTakenUnknown: boolean;
  readonly place: PhotoPlace | null;
  readonly media: "photo" | "video";
  readonly originalFormat: string;
  readonly width: number;
  readonly height: number;
  readonly durationSeconds: number;
  readonly rotation: 0 | 90 | 180 | 270;
  /** Names the bytes of the original as they are given out. */
  readonly file: string;
  /** When the bytes came, unix seconds; unlike `postedAt` nobody changes it. */
  readonly sentAt: number;
  /** SHA-256 of the bytes as they were sent, by which `dedup_check` compares. */
  readonly sentDigest: string;
  readonly exif: Readonly<Record<string, string>>;
}

export interface PhotoSet {
  readonly id: string;
  readonly owner: string;
  readonly title: string;
  readonly description: string;
  readonly photoIds: readonly string[];
  readonly primary: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** An application's key. */
export interface App {
  readonly key: string;
  readonly secret: string;
  readonly isExpired: boolean;
}

export type Perms = "none" | "read" | "write" | "delete";

/** A step of signing in; used up when it is changed for an access token. */
export interface RequestToken {
  readonly token: string;
  readonly secret: string;
  readonly appKey: string;
  readonly callback: string;
  readonly grant: { readonly nsid: string; readonly perms: Perms; readonly verifier: string } | null;
  readonly madeAt: number;
}

export interface AccessToken {
  readonly token: string;
  readonly secret: string;
  readonly appKey: string;
  readonly nsid: string;
  readonly perms: Perms;
  readonly isRevoked: boolean;
}

/** Everything this Flickr knows. A plain value: seed it, clone it, compare it. */
export interface FlickrState {
  readonly accounts: Map<string, Account>;
  readonly photos: Map<string, Photo>;
  readonly sets: Map<string, PhotoSet>;
  /** Photos that were deleted: `dedup_check` still knows them. */
  readonly deleted: Map<string, { readonly owner: string; readonly sentDigest: string }>;
  /** Earlier records of a photo with the time each came to be, oldest first, as far back as a lagging list may show. */
  readonly past: Map<string, readonly { readonly at: number; readonly photo: Photo }[]>;
  readonly tickets: Map<string, Ticket>;
  readonly apps: Map<string, App>;
  readonly requestTokens: Map<string, RequestToken>;
  readonly accessTokens: Map<string, AccessToken>;
  /** `app nonce timestamp` of every request that was taken, with the time of it. */
  readonly nonces: Map<string, number>;
  /** How many ids of each kind were given out. */
  readonly counters: Map<string, number>;
}

/** An asynchronous upload. */
export interface Ticket {
  readonly id: string;
  readonly owner: string;
  readonly readyAt: number;
  readonly upload: { readonly fields: Readonly<Record<string, string>>; readonly file: SentFile };
  readonly outcome:
    | { readonly kind: "working" }
    | { readonly kind: "failed" }
    | { readonly kind: "done"; readonly photoId: string };
}

/** A Flickr without anybody. */
export const emptyState = (): FlickrState => ({
  accounts: new Map(),
  photos: new Map(),
  sets: new Map(),
  deleted: new Map(),
  past: new Map(),
  tickets: new Map(),
  apps: new Map(),
  requestTokens: new Map(),
  accessTokens: new Map(),
  nonces: new Map(),
  counters: new Map(),
});
