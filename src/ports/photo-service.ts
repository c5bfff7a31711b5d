import type { ContentHash, PhotoId } from "../domain/ids.js";
import type { InstanceCopy, SourceRecord } from "../domain/photo.js";
import type { WritableField, WrittenFields } from "../domain/service-fields.js";
import type { SeenVisibility, Visibility } from "../domain/visibility.js";
import type { VisibilityChange } from "../domain/visibility-change.js";
import type { Call } from "./call.js";

/** How services differ. Callers ask these, never a service's name. */
export interface ServiceTraits {
  /** False where nobody can ask who may see a photo; then every instance's visibility is `unknown`. */
  readonly readsVisibility: boolean;
  /** The levels that `setVisibility` can set. Empty where a service has no such call. */
  readonly settableVisibilities: readonly Visibility[];
  /** What `edit` can change. */
  readonly editableFields: ReadonlySet<WritableField>;
  /** False where an uploaded photo gives back other bytes than it was given, so that it is no copy of the original. */
  readonly keepsOriginals: boolean;
  /** True where the owner's whole account can be listed; false where only photosync's own uploads or a choice can. */
  readonly seesWholeAccount: boolean;
  /** Largest upload in bytes, by kind; undefined where nothing can be uploaded. */
  readonly uploadLimits?: { readonly image: number; readonly video: number };
  /** MIME types that an upload may have; absent where the service has to be tried. */
  readonly uploadTypes?: ReadonlySet<string>;
  /** How many uploads may be under way at once; 3 unless told. More where a service takes them in batches. */
  readonly parallelUploads?: number;
  /** About how many requests a step takes when all goes well, for foretelling what a plan costs; absent where nothing is written. */
  readonly requestsFor?: { readonly upload: number; readonly edit: number; readonly setVisibility: number };
  /** In plain words for a person: what this service can do, and what it cannot. One sentence each. */
  readonly remarks: readonly string[];
}

/** One photo or video as the service tells of it, without its bytes. Well under 4 KB as JSON. */
export interface ServiceInstance {
  /** Stable for life in this account. */
  readonly id: string;
  /** Changes whenever its metadata, visibility or bytes change there; compared for equality only. */
  readonly version: string;
  /** Changes whenever its bytes change there. Equal stamps of an equal id mean equal bytes. */
  readonly bytesStamp: string;
  /** A page for people, never an address that gives out the bytes. */
  readonly url?: string;
  readonly filename: string;
  readonly mediaKind: "image" | "video";
  /** In bytes of what `open` gives, where the service tells. */
  readonly sizeBytes?: number;
  readonly visibility: SeenVisibility;
  /** What the service says of it, albums included; `raw` holds its own words, never an address that gives out bytes. */
  readonly record: SourceRecord;
  /** When it came to the service, RFC 3339 UTC. */
  readonly arrivedAt?: string;
  /** What `open` would give today: the original, or less where the account or the service allows no more. */
  readonly obtainable: InstanceCopy["quality"] | "nothing";
  /** Checksums of what `open` gives, from the service itself, lower-case hex. */
  readonly checksums?: { readonly sha256?: string; readonly sha1?: string; readonly md5?: string };
  /** The mark that photosync left at its own upload. */
  readonly mark?: UploadMark;
}

/** By what photosync knows its own uploads again. */
export interface UploadMark {
  readonly photoId: PhotoId;
  readonly hash?: ContentHash;
}

/** A part of a scan. */
export type ScanPage =
  | { readonly kind: "instances"; readonly seen: readonly ServiceInstance[] }
  /** Ids that are there as they are known (`isKnown`). */
  | { readonly kind: "unchanged"; readonly ids: readonly string[] }
  /** Something the service could not tell while the rest goes on. A scan with a problem moves no cursor. */
  | { readonly kind: "problem"; readonly subject: string; readonly error: unknown }
  | { readonly kind: "note"; readonly message: string }
  /** The end, always last; a scan that ends without it was cut off. */
  | {
      readonly kind: "end";
      /** Where the next scan goes on; absent where the service has no such thing. */
      readonly cursor?: string;
      /** True where every photo of the account was listed: what is known and was not seen is gone from there. */
      readonly isWhole: boolean;
      /** Ids that the service says are gone. */
      readonly gone: readonly string[];
    };

/** What to list. */
export interface ScanRequest {
  /** As an earlier scan's end gave it; absent for everything. A cursor that the service no longer takes means everything. */
  readonly cursor?: string;
  /** Only what came to the service at or after this time (RFC 3339 UTC). */
  readonly since?: string;
  /** At most so many instances; a limited scan is not whole and gives no cursor. */
  readonly limit?: number;
  /**
   * True for an instance that is on record in this very version. A service may tell of such ones as `unchanged`, where
   * telling all of them would take requests of its own; without this it tells all of every instance.
   */
  readonly isKnown?: (id: string, version: string) => boolean;
  /** Told once, before the first page, how many instances a list of everything will hold, where the service says so. */
  readonly onTotal?: (instances: number) => void;
  /** Told whose photos the list holds, where the service says so: an id for life. May throw, which ends the scan. */
  readonly onOwner?: (id: string) => void;
}

/** The bytes of an instance, and what they are. */
export interface Download {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** What these bytes are; never better than the truth. */
  readonly quality: InstanceCopy["quality"];
  /** Total length in bytes, where the service told before sending. */
  readonly sizeBytes?: number;
}

/**
 * An account that photos are read from over the network. Every call obeys the account's rate limit and repeats what may be
 * repeated; what it throws is a `PhotosyncError`: `auth` (`<service>.sign-in-needed`), `transient` (`<service>.unavailable`,
 * `<service>.rate-limited`, `<service>.quota-used-up`), `user`, `integrity` or `partial` for one photo.
 */
export interface PhotoService {
  /** The account's name in `config/services.json`. */
  readonly name: string;
  readonly traits: ServiceTraits;
  /** Who is signed in, and what that account may do now. One or two cheap requests. */
  account(call: Call): Promise<AccountReport>;
  /** Lists instances; only reads. Each id comes at most once. */
  scan(request: ScanRequest, call: Call): AsyncIterable<ScanPage>;
  /** The instance as it is now; null when it is not there or not for this account to see. */
  read(id: string, call: Call): Promise<ServiceInstance | null>;
  /** The best bytes to be had. A body that ends early throws; nothing else than media is ever given out as media. */
  open(instance: ServiceInstance, call: Call): Promise<Download>;
}

export interface AccountReport {
  /** For people: a name or address. */
  readonly owner: string;
  /** Facts in plain words: "Flickr Pro", "12,345 photos", "may not download originals". */
  readonly facts: readonly string[];
}

/** A photo to be put on a service. It always goes out as private as the service can make it. */
export interface Upload {
  readonly mark: Required<UploadMark>;
  readonly filename: string;
  readonly mimeType: string;
  readonly sizeBytes: number;
  readonly fields: WrittenFields;
  /** The original's bytes; may be called again. */
  open(): AsyncIterable<Uint8Array>;
}

export type UploadOutcome =
  /** It stands there, was read back, and nobody but the owner sees it (where that can be read). */
  | { readonly kind: "uploaded"; readonly instance: ServiceInstance }
  /** The service holds these bytes already under this id; nothing was added and nothing about it was changed. */
  | { readonly kind: "already"; readonly instance: ServiceInstance }
  /** Nobody knows whether it arrived: ask `find` before sending again. */
  | { readonly kind: "unknown"; readonly error: unknown };

export type Found =
  | { readonly kind: "found"; readonly instance: ServiceInstance }
  /** `isCertain`: sending it adds no second one. False where the service's lists lag and it may be there all the same. */
  | {
      readonly kind: "absent";
      readonly isCertain: boolean;
      /** Where it is not certain: after how long it will be. */
      readonly askAgainMs?: number;
    };

export type EditOutcome =
  /** Done, and read back. */
  | { readonly kind: "edited"; readonly instance: ServiceInstance }
  /** It is no longer what was expected; nothing was changed. */
  | { readonly kind: "changed-meanwhile"; readonly instance: ServiceInstance | null };

/** An account that photos can also be written to. No call deletes anything or shows a photo to one more person, save `setVisibility`. */
export interface PhotoTarget extends PhotoService {
  readonly target: true;
  /** Looks for an earlier upload with this mark, in what lists newest things first and in what is indexed. */
  find(mark: Required<UploadMark>, sentAfter: string | undefined, call: Call): Promise<Found>;
  upload(upload: Upload, call: Call): Promise<UploadOutcome>;
  /** Writes fields of an instance that is still at `expected`; a service without versions compares what it can. */
  edit(id: string, expected: string, fields: WrittenFields, call: Call): Promise<EditOutcome>;
  /** Carries out the change if the level is still the one the change starts from, and reads it back. */
  setVisibility(id: string, change: VisibilityChange, call: Call): Promise<EditOutcome>;
}
