import type { ContentHash } from "../../domain/ids.js";
import type { Json } from "../../domain/photo.js";
import { isJsonRecord, parseJsonBytes } from "../../infra/json-value.js";
import { typeOfName } from "../../infra/media/media-type.js";
import { throwIfAborted } from "../../infra/until-aborted.js";
import type { Call } from "../../ports/call.js";
import type { Examined, MediaTraits, SourceProblem } from "../../ports/photo-source.js";
import type { StreamVerdicts } from "../exports/stream-verdicts.js";
import { isSystemFile } from "../exports/system-files.js";
import { Albums, albumsOf, idText } from "./albums.js";

/** A picture or video of the export. */
export interface MediaFile {
  /** Path inside the part. */
  readonly path: string;
  /** The last part of the path. */
  readonly name: string;
  readonly hash: ContentHash;
  readonly sizeBytes: number;
  readonly traits?: MediaTraits;
  /** False for bytes that no reader knows; they only explain why a photo's file has no picture. */
  readonly readable: boolean;
  /** Positions among the examined streams. */
  readonly streams: number[];
}

/** A `photo_{id}.json`. Compact: what it says is read again when it is needed. */
export interface PhotoFile {
  readonly id: string;
  readonly path: string;
  readonly hash: ContentHash;
  /** Views only ever rise, so that of two files the one with more is the later one. */
  readonly views: number;
  /** True where the bytes are no JSON object: all that is known is the name. */
  readonly broken: boolean;
  readonly streams: number[];
}

/** All parts of one account's exports, by what each file is. */
export interface ExportIndex {
  readonly media: readonly MediaFile[];
  readonly photos: readonly PhotoFile[];
  readonly albums: Albums;
  readonly problems: readonly SourceProblem[];
}

const PHOTO_NAME = /^photo_(\d{1,19})(?: ?\(\d+\))?\.json$/i;
const ARCHIVE_NAME = /\.zip$/i;
/** Files of the account's data that say nothing of one's own photos; long ones come in numbered parts. */
const ACCOUNT_FILE =
  /^(?:account_profile|account_testimonials|galleries|groups|group_discussions|\w+_part\d+)(?: ?\(\d+\))?\.json$/i;

const BROKEN_JSON: readonly [code: string, what: string, next: readonly string[]] = [
  "sidecar.invalid-json",
  "is no valid JSON, so nothing in it can be used",
  [
    "Pictures are kept with what their own bytes tell.",
    "Take the file from a fresh download of this part, or ask Flickr for a new export, and discover again.",
  ],
];

const baseOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/**
 * Sorts every stream of an export: media and photo files are returned, album files taken in, all else gets its verdict at
 * once. JSON is read one at a time. Throws what `readSmall` throws, and `cancelled` on abort.
 */
export async function indexExport(
  examined: readonly Examined[],
  readSmall: (hash: ContentHash) => Promise<Uint8Array>,
  verdicts: StreamVerdicts,
  call: Call,
): Promise<ExportIndex> {
  const filing = new Filing(verdicts);
  for (const [index, stream] of examined.entries()) {
    throwIfAborted(call);
    const name = baseOf(stream.name);
    if (isSystemFile(stream.name)) verdicts.settle([index], "ignored", "made by an operating system");
    else if (stream.kind === "json" || /\.json$/i.test(name)) {
      const parsed = stream.kind === "json" ? parseJsonBytes(await readSmall(stream.hash)) : null;
      filing.json(index, stream, parsed?.value);
    } else filing.bytes(index, stream);
  }
  return filing;
}

class Filing implements ExportIndex {
  readonly media: MediaFile[] = [];
  readonly photos: PhotoFile[] = [];
  readonly albums = new Albums();
  readonly problems: SourceProblem[] = [];
  readonly #verdicts: StreamVerdicts;
  readonly #known = new Map<string, { readonly streams: number[] }>();

  constructor(verdicts: StreamVerdicts) {
    this.#verdicts = verdicts;
  }

  /** `value` is undefined where the bytes spell no JSON. */
  json(index: number, stream: Examined, value: Json | undefined): void {
    const name = baseOf(stream.name);
    const id = PHOTO_NAME.exec(name)?.[1];
    if (id !== undefined) this.#photo(index, stream, id, value);
    else if (value === undefined) this.#problem(index, stream, ...BROKEN_JSON);
    else {
      const albums = albumsOf(value);
      if (albums !== null) {
        for (const album of albums) this.albums.add(album);
        this.#verdicts.settle([index], "album", `${albums.length} albums`);
      } else if (ACCOUNT_FILE.test(name)) {
        this.#verdicts.settle([index], "ignored", "account data that says nothing of the owner's photos");
      } else this.#verdicts.settle([index], "unexplained", "JSON of an unknown form");
    }
  }

  #photo(index: number, stream: Examined, id: string, value: Json | undefined): void {
    const about = { id, path: stream.name, hash: stream.hash, streams: [index] };
    if (!isJsonRecord(value)) {
      this.#problem(index, stream, ...BROKEN_JSON);
      this.#file(this.photos, { ...about, views: -1, broken: true });
    } else if (idText(value["id"]) !== id) {
      this.#verdicts.settle([index], "unexplained", "the id in it is not the one in its name");
    } else {
      const views = Number(value["count_views"]);
      this.#file(this.photos, { ...about, views: Number.isFinite(views) ? views : 0, broken: false });
    }
  }

  bytes(index: number, stream: Examined): void {
    const { sizeBytes, traits, hash } = stream;
    const name = baseOf(stream.name);
    const about = { path: stream.name, name, hash, sizeBytes, streams: [index] };
    if (stream.kind === "media" || traits !== undefined) {
      this.#file(this.media, { ...about, readable: true, ...(traits === undefined ? {} : { traits }) });
    } else if (ARCHIVE_NAME.test(name)) {
      this.#verdicts.settle([index], "ignored", "an archive, which is read when it is given by itself");
    } else if (typeOfName(name) !== null) {
      const what = sizeBytes === 0 ? "is empty" : "is no picture or video that can be recognised";
      this.#problem(index, stream, "media.unreadable", what, [
        "Download this part again, or fetch the photo from its page on flickr.com, and discover again.",
      ]);
      this.#file(this.media, { ...about, readable: false });
    } else {
      this.#verdicts.settle([index], "unexplained", "neither a photo, a video nor a JSON file of Flickr's");
    }
  }

  /** The same bytes under the same name, as when a part is given twice, are one file with two streams. */
  #file<T extends { readonly path: string; readonly hash: ContentHash; readonly streams: number[] }>(
    list: T[],
    found: T,
  ): void {
    const key = `${baseOf(found.path)}\0${found.hash}`;
    const known = this.#known.get(key);
    if (known !== undefined) {
      known.streams.push(...found.streams);
      return;
    }
    this.#known.set(key, found);
    list.push(found);
  }

  #problem(index: number, stream: Examined, code: string, what: string, next: readonly string[]): void {
    const subject = stream.name;
    const message = `${subject} ${what}.`;
    this.#verdicts.settle([index], "failed", message);
    const failure = { subject, code, message, hint: next.join(" ") };
    this.problems.push({ kind: "problem", location: stream.location, failure });
  }
}
