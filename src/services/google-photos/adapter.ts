import { PhotosyncError } from "../../domain/errors.js";
import type { Call } from "../../ports/call.js";
import type {
  AccountReport,
  Download,
  EditOutcome,
  Found,
  PhotoTarget,
  ScanPage,
  ScanRequest,
  ServiceInstance,
  Upload,
  UploadMark,
  UploadOutcome,
} from "../../ports/photo-service.js";
import type { GoogleAccess } from "../google-api/google-request.js";
import { OwnAlbums } from "./albums.js";
import { DESCRIPTION_UNDER, libraryTraits } from "./capabilities.js";
import { Creations } from "./creations.js";
import { LibraryClient } from "./library-client.js";
import { type LibraryMedia, libraryInstance } from "./library-media.js";
import { openMediaBytes } from "./media-bytes.js";
import { RecentBaseUrls } from "./recent-base-urls.js";
import { RecentUploads } from "./recent-uploads.js";
import { scanLibrary } from "./scan-library.js";
import { ByteUploads } from "./upload-bytes.js";
import { memoryUploadNotes, type UploadNotes } from "./upload-notes.js";
import { uploadPhoto } from "./upload-photo.js";

export interface GooglePhotosOptions {
  readonly access: GoogleAccess;
  /** The Library API's address without `/v1`: `https://photoslibrary.googleapis.com`. */
  readonly library: string;
  /** Whether photos may be put into albums that photosync makes there. The owner may share such an album, and Google tells nobody. */
  readonly allowsAlbums: boolean;
  /** Where begun uploads are remembered; for this process alone unless given. */
  readonly notes?: UploadNotes;
  /** Uploads of this size and more go in a way that can be resumed. */
  readonly resumableFromBytes?: number;
}

/**
 * Google Photos as the Library API shows it: what photosync itself uploaded. Nothing here can delete, share, or show a photo to
 * anybody, and only albums that photosync made are ever added to, where that is allowed.
 *
 * **How an upload is known again.** Google has no tags, and a description is the owner's words, which everybody sees with whom the
 * owner shares a photo: no mark of photosync belongs there. There is none to be needed: bytes that the account holds already make
 * no second photo, `batchCreate` gives the first one back under its own id. So an upload of which nobody knows the end is settled by
 * sending it again, and `find` says that this does no harm.
 */
export function openGooglePhotos(options: GooglePhotosOptions): PhotoTarget {
  return new GooglePhotos(options);
}

class GooglePhotos implements PhotoTarget {
  readonly target = true;
  readonly name: string;
  readonly traits: PhotoTarget["traits"];
  readonly #access: GoogleAccess;
  readonly #client: LibraryClient;
  readonly #uploads: ByteUploads;
  readonly #creations: Creations;
  /** Null where albums are not allowed. */
  readonly #albums: OwnAlbums | null;
  readonly #recent = new RecentBaseUrls();
  readonly #uploaded = new RecentUploads();

  constructor(options: GooglePhotosOptions) {
    const { access, library, allowsAlbums, notes = memoryUploadNotes(), resumableFromBytes } = options;
    this.name = access.account;
    this.traits = libraryTraits(allowsAlbums);
    this.#access = access;
    this.#client = new LibraryClient(access, library);
    this.#uploads = new ByteUploads(access, library, notes, resumableFromBytes);
    this.#creations = new Creations(this.#client);
    this.#albums = allowsAlbums ? new OwnAlbums(access.account, this.#client) : null;
  }

  async account(call: Call): Promise<AccountReport> {
    const page = await this.#client.mediaPage(undefined, call);
    const isMore = page.nextPageToken !== undefined;
    return {
      // None of the scopes asked for tells a name.
      owner: "the Google account that you chose in the browser",
      facts: [`${isMore ? "at least " : ""}${page.media.length} photos that photosync uploaded`],
    };
  }

  scan(request: ScanRequest, call: Call): AsyncIterable<ScanPage> {
    const shown = (media: LibraryMedia) => this.#shown(media, call);
    return scanLibrary(this.#client, shown, this.name, request, call);
  }

  async read(id: string, call: Call): Promise<ServiceInstance | null> {
    const media = await this.#client.media(id, call);
    return media === null ? null : this.#shown(media, call);
  }

  open(instance: ServiceInstance, call: Call): Promise<Download> {
    const { id, filename, mediaKind } = instance;
    const baseUrl = async (isFresh: boolean): Promise<string | null> => {
      const recent = this.#recent.get(id);
      if (recent !== undefined && !isFresh) return recent;
      return (await this.#client.media(id, call))?.baseUrl ?? null;
    };
    const media = { filename, isVideo: mediaKind === "video", baseUrl, isSigned: () => false };
    return openMediaBytes(this.#access, media, call);
  }

  /** What this process uploaded is found; all else is absent, and certain in the sense that counts: sending it adds nothing. */
  async find(mark: Required<UploadMark>, _sentAfter: string | undefined, call: Call): Promise<Found> {
    const id = this.#uploaded.idOf(mark);
    const instance = id === undefined ? null : await this.read(id, call);
    return instance === null ? { kind: "absent", isCertain: true } : { kind: "found", instance };
  }

  async upload(upload: Upload, call: Call): Promise<UploadOutcome> {
    this.#refuseAlbums(upload.fields);
    const parts = {
      account: this.name,
      uploads: this.#uploads,
      creations: this.#creations,
      albums: this.#albums,
    };
    const outcome = await uploadPhoto(parts, upload, call);
    if (outcome.kind === "unknown") return outcome;
    this.#uploaded.note(outcome.media.id, upload.mark);
    return { kind: outcome.kind, instance: await this.#shown(outcome.media, call) };
  }

  async edit(id: string, expected: string, fields: Upload["fields"], call: Call): Promise<EditOutcome> {
    this.#refuseAlbums(fields);
    const { caption, albums = [] } = fields;
    if (caption !== undefined && caption.length >= DESCRIPTION_UNDER)
      throw captionTooLong(this.name, caption.length);
    const before = await this.read(id, call);
    if (before === null || before.version !== expected)
      return { kind: "changed-meanwhile", instance: before };
    if (caption !== undefined && (await this.#client.describe(id, caption, call)) === null) {
      return { kind: "changed-meanwhile", instance: await this.read(id, call) };
    }
    if (albums.length > 0) await this.#albums?.add(id, albums, call);
    const after = await this.read(id, call);
    return after === null
      ? { kind: "changed-meanwhile", instance: null }
      : { kind: "edited", instance: after };
  }

  async setVisibility(): Promise<EditOutcome> {
    throw new PhotosyncError({
      kind: "user",
      code: `${this.name}.no-visibility`,
      message: "Google Photos lets no program read or change who may see a photo.",
      next: ["Look at the photo's sharing in the Google Photos app."],
    });
  }

  async #shown(media: LibraryMedia, call: Call): Promise<ServiceInstance> {
    this.#recent.note(media);
    const mark = this.#uploaded.markOf(media.id);
    const instance = libraryInstance(media, await this.#albums?.titlesOf(media.id, call));
    return mark === undefined ? instance : { ...instance, mark };
  }

  #refuseAlbums({ albums = [] }: Upload["fields"]): void {
    if (this.#albums !== null || albums.length === 0) return;
    throw new PhotosyncError({
      kind: "bug",
      code: `${this.name}.albums-not-allowed`,
      message: `A photo was to be put into an album of ${this.name}, which the configuration does not allow.`,
    });
  }
}

const captionTooLong = (account: string, length: number): PhotosyncError =>
  new PhotosyncError({
    kind: "partial",
    code: `${account}.caption-too-long`,
    message: `Google Photos takes descriptions of less than ${DESCRIPTION_UNDER} characters; this one has ${length}.`,
    next: ["Shorten the caption, or leave it out of the fields that photosync writes there."],
  });
