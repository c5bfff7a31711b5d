import { rfc3339 } from "./clock.js";
import { type Content, contentOf, dimensions, sniffed, takenMs } from "./content.js";
import {
  type AccessToken,
  type Account,
  type Album,
  type DriveFile,
  freshId,
  type GoogleState,
  type Grant,
  type MediaItem,
  type OAuthClient,
} from "./state.js";

export const SAMPLE_EMAIL = "ada@example.org";
export const SAMPLE_CLIENT = "1234567890-desktop.apps.googleusercontent.com";
export const SAMPLE_SECRET = "GOCSPX-sample-secret";
export const FOLDER_TYPE = "application/vnd.google-apps.folder";
export const SHORTCUT_TYPE = "application/vnd.google-apps.shortcut";

export function seedAccount(state: GoogleState, email = SAMPLE_EMAIL): Account {
  const account: Account = {
    email,
    sub: freshId(state, "1", 20),
    storageLeftBytes: 15 * 1024 ** 3,
    hasPhotos: true,
  };
  state.accounts.push(account);
  seedDriveFile(state, 0, { id: rootOf(email), email, name: "My Drive", mimeType: FOLDER_TYPE });
  const root = state.driveFiles.get(rootOf(email));
  if (root !== undefined) root.parents = [];
  return account;
}

export function seedClient(state: GoogleState, fields: Partial<OAuthClient> = {}): OAuthClient {
  const client: OAuthClient = {
    id: SAMPLE_CLIENT,
    secret: SAMPLE_SECRET,
    publishing: "production",
    disabledApis: [],
    ...fields,
  };
  state.clients.push(client);
  return client;
}

/** What a client holds after a sign-in, without the way through the browser. */
export function seedSignIn(
  state: GoogleState,
  scopes: readonly string[],
  nowMs: number,
  who: { readonly email?: string; readonly clientId?: string } = {},
): { readonly grant: Grant; readonly access: AccessToken } {
  const clientId = who.clientId ?? SAMPLE_CLIENT;
  const grant: Grant = {
    refreshToken: freshId(state, "1//0", 60),
    clientId,
    email: who.email ?? SAMPLE_EMAIL,
    scopes,
    grantedMs: nowMs,
    isTesting: state.clients.some(({ id, publishing }) => id === clientId && publishing === "testing"),
    lastUsedMs: nowMs,
    isRevoked: false,
  };
  state.grants.set(grant.refreshToken, grant);
  return { grant, access: issueAccess(state, grant, nowMs) };
}

/** How long an access token lives, in seconds, as Google spells it. */
export const ACCESS_LIFE_S = 3599;

export function issueAccess(state: GoogleState, grant: Grant, nowMs: number): AccessToken {
  const access: AccessToken = {
    token: freshId(state, "ya29.", 80),
    grant,
    expiresMs: nowMs + ACCESS_LIFE_S * 1000,
  };
  state.accessTokens.set(access.token, access);
  return access;
}

export type ItemSeed = Partial<Omit<MediaItem, "content">> & {
  readonly bytes?: Uint8Array;
  readonly content?: Content;
};

/** Puts a photo into an account. `clientId: null` makes it one that the owner brought in another way. */
export function seedItem(state: GoogleState, nowMs: number, { bytes, ...fields }: ItemSeed): MediaItem {
  const content = fields.content ?? contentOf(bytes ?? new Uint8Array());
  const mimeType = fields.mimeType ?? sniffed(content.head) ?? "image/jpeg";
  const item: MediaItem = {
    id: freshId(state, "AF1Qip", 38),
    email: SAMPLE_EMAIL,
    clientId: SAMPLE_CLIENT,
    filename: "IMG_1.jpg",
    description: "",
    createdMs: takenMs(content.head) ?? nowMs,
    uploadedMs: nowMs,
    width: dimensions(content.head)?.width ?? 0,
    height: dimensions(content.head)?.height ?? 0,
    isDeleted: false,
    sharedWith: [],
    ...(mimeType.startsWith("video/") ? { video: { fps: 30, status: "READY" } } : {}),
    ...fields,
    mimeType,
    content,
  };
  state.items.set(item.id, item);
  return item;
}

export function seedAlbum(state: GoogleState, fields: Partial<Album> & { readonly title: string }): Album {
  const album: Album = {
    id: freshId(state, "AF1Qip", 38),
    email: SAMPLE_EMAIL,
    clientId: SAMPLE_CLIENT,
    itemIds: [],
    enrichments: [],
    sharedWith: [],
    ...fields,
  };
  state.albums.set(album.id, album);
  return album;
}

/** The id of an account's My Drive. */
export const rootOf = (email: string): string => `0A-root-${email}`;

export type DriveSeed = Partial<Omit<DriveFile, "parents">> & {
  readonly bytes?: Uint8Array;
  readonly parent?: string;
};

/** Puts a file or folder into an account's Drive and notes the change. */
export function seedDriveFile(state: GoogleState, nowMs: number, seed: DriveSeed): DriveFile {
  const { bytes, parent, ...fields } = seed;
  const content = fields.content ?? (bytes === undefined ? undefined : contentOf(bytes));
  const email = fields.email ?? SAMPLE_EMAIL;
  const file: DriveFile = {
    id: freshId(state, "1", 32),
    email,
    name: "IMG_1.jpg",
    mimeType: (content && sniffed(content.head)) ?? "application/octet-stream",
    parents: [parent ?? rootOf(email)],
    createdMs: nowMs,
    modifiedMs: nowMs,
    version: 1,
    trashed: false,
    canDownload: true,
    ownedByMe: true,
    permissions: [{ type: "user", role: "owner" }],
    hasSha256: true,
    ...fields,
    ...(content === undefined ? {} : { content }),
  };
  state.driveFiles.set(file.id, file);
  state.driveChanges.push({ email, fileId: file.id, atMs: nowMs, isRemoved: false });
  return file;
}

export const seedDriveFolder = (
  state: GoogleState,
  nowMs: number,
  name: string,
  parent?: string,
): DriveFile =>
  seedDriveFile(state, nowMs, { name, mimeType: FOLDER_TYPE, ...(parent === undefined ? {} : { parent }) });

/** Changes a file as the owner would in Drive: a new version, and an entry in the list of changes. */
export function touchDriveFile(
  state: GoogleState,
  nowMs: number,
  id: string,
  change: (file: DriveFile) => void,
): void {
  const file = state.driveFiles.get(id);
  if (file === undefined) throw new Error(`no Drive file ${id} at ${rfc3339(nowMs)}`);
  change(file);
  file.version += 1;
  file.modifiedMs = nowMs;
  state.driveChanges.push({ email: file.email, fileId: id, atMs: nowMs, isRemoved: false });
}

/** Deletes a file for good, as emptying the trash does. */
export function removeDriveFile(state: GoogleState, nowMs: number, id: string): void {
  const file = state.driveFiles.get(id);
  if (file === undefined) throw new Error(`no Drive file ${id} at ${rfc3339(nowMs)}`);
  state.driveFiles.delete(id);
  state.driveChanges.push({ email: file.email, fileId: id, atMs: nowMs, isRemoved: true });
}
