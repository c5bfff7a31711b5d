import { PhotosyncError } from "../../domain/errors.js";
import type { WrittenFields } from "../../domain/service-fields.js";
import type { VisibilityChange } from "../../domain/visibility-change.js";
import { throwIfAborted } from "../../infra/until-aborted.js";
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
import { accountReport, givesOriginals } from "./account.js";
import { albumsOfPhoto, OwnAlbums } from "./albums.js";
import { FlickrClient, type FlickrClientOptions } from "./client.js";
import { hidePlace, writeFields } from "./edit.js";
import { unreadable } from "./failures.js";
import { findUpload } from "./find.js";
import { openPhoto } from "./open-photo.js";
import { changeLevel, makePrivate } from "./perms.js";
import { type PhotoWords, visibilityOf } from "./photo-words.js";
import { photoNow, uploadedNow } from "./read-photo.js";
import { scanAccount } from "./scan.js";
import { toInstance, versionOf } from "./to-instance.js";
import { FLICKR_TRAITS } from "./traits.js";
import { sendPhoto } from "./upload.js";

export interface FlickrServiceOptions extends FlickrClientOptions {
  /**
   * Whether uploads bear machine tags with the photo's id and checksum, which are as visible as the photo. Without them an upload
   * whose answer was lost is only known again by Flickr's own comparison of bytes. Default true.
   */
  readonly marks?: boolean;
}

/** How often a narrowing is tried, each time after a look at the photo. */
const LOOKS = 3;

const mayPass = (error: unknown): boolean =>
  error instanceof PhotosyncError && error.kind === "transient" && error.data["retryAt"] === undefined;

/** A Flickr account. Throws what `PhotoService` says, with codes that begin with the account's name. */
export class FlickrPhotos implements PhotoTarget {
  readonly target = true;
  readonly traits = FLICKR_TRAITS;
  readonly name: string;
  readonly #client: FlickrClient;
  readonly #ownAlbums: OwnAlbums;
  readonly #marks: boolean;
  readonly #standIn: string | null;
  /** Asked once. */
  #givesOriginals: Promise<boolean> | null = null;
  /** Where the bytes of listed photos are, for as long as somebody holds the instance: such addresses are kept nowhere else. */
  readonly #words = new WeakMap<ServiceInstance, Pick<PhotoWords, "originalAddress" | "originalFormat">>();

  constructor(options: FlickrServiceOptions) {
    this.name = options.account;
    this.#client = new FlickrClient(options);
    this.#ownAlbums = new OwnAlbums(this.#client);
    this.#marks = options.marks ?? true;
    const { origin, hostname } = new URL(options.endpoints.rest);
    this.#standIn = hostname === "api.flickr.com" ? null : origin;
  }

  account(call: Call): Promise<AccountReport> {
    return accountReport(this.#client, call);
  }

  scan(request: ScanRequest, call: Call): AsyncIterable<ScanPage> {
    const keep = (instance: ServiceInstance, { originalAddress, originalFormat }: PhotoWords) => {
      this.#words.set(instance, { originalAddress, originalFormat });
    };
    return scanAccount(this.#client, request, keep, (each) => this.#hasOriginals(each), call);
  }

  #hasOriginals(call: Call): Promise<boolean> {
    this.#givesOriginals ??= givesOriginals(this.#client, call);
    this.#givesOriginals.catch(() => {
      this.#givesOriginals = null;
    });
    return this.#givesOriginals;
  }

  async read(id: string, call: Call): Promise<ServiceInstance | null> {
    throwIfAborted(call);
    const now = await photoNow(this.#client, id, call);
    return now === null ? null : this.#told(now, call);
  }

  open(instance: ServiceInstance, call: Call): Promise<Download> {
    return openPhoto(this.#client, instance, this.#words.get(instance), this.#standIn, call);
  }

  async find(mark: Required<UploadMark>, sentAfter: string | undefined, call: Call): Promise<Found> {
    const found = await findUpload(this.#client, mark, sentAfter, call);
    if (found.kind === "absent") return found;
    const instance = await this.read(found.instance.id, call);
    return instance === null ? { kind: "absent", isCertain: false } : { kind: "found", instance };
  }

  async upload(upload: Upload, call: Call): Promise<UploadOutcome> {
    const sent = await sendPhoto(this.#client, upload, this.#marks, call);
    if (sent.kind === "unknown") return sent;
    if (sent.kind === "stands") return this.#readBack(sent.id, upload, call);
    const instance = await this.read(sent.id, call);
    if (instance !== null) return { kind: "already", instance };
    return { kind: "unknown", error: unreadable(this.name, sent.id) };
  }

  /**
   * Looks at an upload as it came out. What somebody else could see is made the owner's alone at once, and said. Words that go
   * in requests of their own are written after that; where they fail, the next plan corrects them.
   */
  async #readBack(id: string, upload: Upload, call: Call): Promise<UploadOutcome> {
    const client = this.#client;
    try {
      const warnings: string[] = [];
      const first = await uploadedNow(client, id, call);
      if (first === null) return { kind: "unknown", error: unreadable(this.name, id) };
      const level = visibilityOf(first);
      if (level !== "private") {
        await makePrivate(client, first, call);
        warnings.push(`Flickr: came out as ${level} though sent as private, and was narrowed at once`);
      }
      if (await hidePlace(client, first, call)) {
        warnings.push("Flickr: the place in the file came out for others to see, and was hidden at once");
      }
      const { taken_date, location, albums = [] } = upload.fields;
      const later = {
        ...(taken_date === undefined ? {} : { taken_date }),
        ...(location === undefined ? {} : { location }),
      };
      const isSettled = await this.#writeLater(first, later, albums, call);
      const isTouched = warnings.length > 0 || isSettled;
      const now = isTouched ? await uploadedNow(client, id, call) : first;
      if (now === null) return { kind: "unknown", error: unreadable(this.name, id) };
      return { kind: "uploaded", instance: await this.#told(now, call, warnings, albums.length > 0) };
    } catch (error) {
      throwIfAborted(call);
      // It stands there, yet what it came to is not known: looking again settles it.
      return { kind: "unknown", error };
    }
  }

  /** False where nothing had to be written. What fails here is left to the next plan. */
  async #writeLater(
    now: PhotoWords,
    fields: WrittenFields,
    albums: readonly string[],
    call: Call,
  ): Promise<boolean> {
    if (Object.keys(fields).length + albums.length === 0) return false;
    try {
      await writeFields(this.#client, now, fields, call);
      for (const title of albums) await this.#ownAlbums.add(title, now.id, call);
    } catch {
      throwIfAborted(call);
    }
    return true;
  }

  async edit(id: string, expected: string, fields: WrittenFields, call: Call): Promise<EditOutcome> {
    const now = await photoNow(this.#client, id, call);
    if (now === null) return { kind: "changed-meanwhile", instance: null };
    if (versionOf(now) !== expected) {
      return { kind: "changed-meanwhile", instance: await this.#told(now, call) };
    }
    await writeFields(this.#client, now, fields, call);
    const { albums = [] } = fields;
    const present = albums.length === 0 ? [] : await albumsOfPhoto(this.#client, id, call);
    for (const title of albums) if (!present.includes(title)) await this.#ownAlbums.add(title, id, call);
    return this.#edited(id, call);
  }

  async setVisibility(id: string, change: VisibilityChange, call: Call): Promise<EditOutcome> {
    for (let left = LOOKS; ; left -= 1) {
      const now = await photoNow(this.#client, id, call);
      if (now === null) return { kind: "changed-meanwhile", instance: null };
      try {
        if (await changeLevel(this.#client, now, change, call)) return this.#edited(id, call);
        return { kind: "changed-meanwhile", instance: await this.#told(now, call) };
      } catch (error) {
        throwIfAborted(call);
        if (left <= 1 || change.kind !== "narrow" || !mayPass(error)) throw error;
      }
    }
  }

  async #edited(id: string, call: Call): Promise<EditOutcome> {
    const instance = await this.read(id, call);
    return instance === null ? { kind: "changed-meanwhile", instance } : { kind: "edited", instance };
  }

  async #told(
    now: PhotoWords,
    call: Call,
    warnings: readonly string[] = [],
    hasAlbums = true,
  ): Promise<ServiceInstance> {
    const albums = hasAlbums ? await albumsOfPhoto(this.#client, now.id, call) : [];
    const isAny = now.originalSecret !== undefined && now.media === "photo";
    const hasOriginals = isAny && (await this.#hasOriginals(call));
    const instance = toInstance(now, { albums, warnings, hasOriginals });
    this.#words.set(instance, { originalAddress: undefined, originalFormat: now.originalFormat });
    return instance;
  }
}
