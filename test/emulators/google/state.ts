import { createHash } from "node:crypto";
import type { Content } from "./content.js";

/** What a desktop client of a Google Cloud project is. */
export interface OAuthClient {
  readonly id: string;
  readonly secret: string;
  /** In testing, refresh tokens die seven days after consent. */
  publishing: "testing" | "production";
  /** Hosts whose API is not switched on in the project. */
  disabledApis: string[];
}

export interface Account {
  readonly email: string;
  readonly sub: string;
  storageLeftBytes: number;
  /** False for an account that never opened Google Photos. */
  hasPhotos: boolean;
}

/** What the owner agreed to, and the refresh token that stands for it. */
export interface Grant {
  readonly refreshToken: string;
  readonly clientId: string;
  readonly email: string;
  readonly scopes: readonly string[];
  readonly grantedMs: number;
  readonly isTesting: boolean;
  lastUsedMs: number;
  isRevoked: boolean;
}

export interface AccessToken {
  readonly token: string;
  readonly grant: Grant;
  readonly expiresMs: number;
}

export interface AuthCode {
  readonly code: string;
  readonly clientId: string;
  readonly email: string;
  readonly redirectUri: string;
  readonly challenge: string | undefined;
  readonly scopes: readonly string[];
  readonly issuedMs: number;
  /** Set once it was exchanged; a second exchange takes back what the first one gave. */
  usedBy?: Grant;
}

/** What the owner does on the consent page: agrees, unticks scopes, refuses, or is asked by a real page. */
export type Consent =
  | { readonly kind: "agree"; readonly email: string; readonly untick?: readonly string[] }
  | { readonly kind: "refuse" }
  | { readonly kind: "ask"; readonly email: string };

/** A photo or video in Google Photos. */
export interface MediaItem {
  readonly id: string;
  readonly email: string;
  /** The OAuth client that made it; null for what the owner brought in another way. */
  readonly clientId: string | null;
  filename: string;
  description: string;
  readonly mimeType: string;
  readonly content: Content;
  readonly createdMs: number;
  readonly uploadedMs: number;
  readonly width: number;
  readonly height: number;
  readonly cameraMake?: string;
  readonly cameraModel?: string;
  video?: { fps: number; status: "PROCESSING" | "READY" | "FAILED" };
  isDeleted: boolean;
  /** Nothing of these is told by any API. */
  sharedWith: string[];
}

export interface Album {
  readonly id: string;
  readonly email: string;
  readonly clientId: string | null;
  title: string;
  coverId?: string;
  readonly itemIds: string[];
  readonly enrichments: string[];
  /** Whom the owner lets see it, in the app; told by no API. */
  sharedWith: string[];
}

/** An upload token: bytes waiting for batchCreate. */
export interface UploadToken {
  readonly token: string;
  readonly email: string;
  readonly clientId: string;
  readonly content: Content;
  readonly filename: string;
  readonly issuedMs: number;
  uses: number;
}

export interface PickerSession {
  readonly id: string;
  readonly email: string;
  readonly clientId: string;
  readonly maxItemCount: number | undefined;
  readonly createdMs: number;
  readonly expiresMs: number;
  picked: readonly string[] | null;
  lastPollMs: number;
  /** Polls that came before the interval was over. */
  earlyPolls: number;
  isDeleted: boolean;
}

/** An address that gives out bytes for an hour. */
export interface BaseUrl {
  readonly itemId: string;
  readonly issuedMs: number;
  /** Set for addresses from the Picker, which need a bearer token and end with the session. */
  readonly sessionId?: string;
}

export interface DriveFile {
  readonly id: string;
  readonly email: string;
  name: string;
  readonly mimeType: string;
  parents: string[];
  /** Undefined for folders, shortcuts and Google's own formats. */
  content?: Content;
  readonly createdMs: number;
  modifiedMs: number;
  version: number;
  trashed: boolean;
  description?: string;
  shortcutTarget?: string;
  canDownload: boolean;
  ownedByMe: boolean;
  permissions: { readonly type: "user" | "group" | "domain" | "anyone"; readonly role: string }[];
  /** False where Google has no SHA-256 of the bytes (yet). */
  hasSha256: boolean;
  imageMediaMetadata?: Readonly<Record<string, unknown>>;
  /** Made by, or opened with, this client: all that the scope `drive.file` sees. */
  appClientId?: string;
}

export interface DriveChange {
  readonly email: string;
  readonly fileId: string;
  readonly atMs: number;
  readonly isRemoved: boolean;
}

/** Everything the emulated Google knows. A test may read and change all of it. */
export interface GoogleState {
  readonly seed: number;
  serial: number;
  consent: Consent;
  readonly clients: OAuthClient[];
  readonly accounts: Account[];
  readonly codes: Map<string, AuthCode>;
  readonly grants: Map<string, Grant>;
  readonly accessTokens: Map<string, AccessToken>;
  readonly items: Map<string, MediaItem>;
  readonly albums: Map<string, Album>;
  readonly uploadTokens: Map<string, UploadToken>;
  readonly sessions: Map<string, PickerSession>;
  readonly baseUrls: Map<string, BaseUrl>;
  readonly driveFiles: Map<string, DriveFile>;
  readonly driveChanges: DriveChange[];
  /** How often each quota was used: `library 2026-11-21` → 17. */
  readonly used: Map<string, number>;
}

export function emptyState(seed: number): GoogleState {
  return {
    seed,
    serial: 0,
    consent: { kind: "refuse" },
    clients: [],
    accounts: [],
    codes: new Map(),
    grants: new Map(),
    accessTokens: new Map(),
    items: new Map(),
    albums: new Map(),
    uploadTokens: new Map(),
    sessions: new Map(),
    baseUrls: new Map(),
    driveFiles: new Map(),
    driveChanges: [],
    used: new Map(),
  };
}

/** A new name that looks like Google's, tells nothing and is the same in each run of one seed. */
export function freshId(state: GoogleState, prefix: string, length = 32): string {
  state.serial += 1;
  const digest = createHash("sha512").update(`${state.seed} ${state.serial}`).digest("base64url");
  return `${prefix}${digest.slice(0, length)}`;
}

/** Who may see a photo: its owner, whom it is shared with, and whom the albums it lies in are shared with. */
export function audienceOf(state: GoogleState, itemId: string): ReadonlySet<string> {
  const item = state.items.get(itemId);
  if (item === undefined || item.isDeleted) return new Set();
  const albums = [...state.albums.values()].filter((album) => album.itemIds.includes(itemId));
  return new Set([item.email, ...item.sharedWith, ...albums.flatMap((album) => album.sharedWith)]);
}
