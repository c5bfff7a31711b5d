import type { ContentHash } from "../../domain/ids.js";
import { parseJsonBytes } from "../../infra/json-value.js";
import { throwIfAborted } from "../../infra/until-aborted.js";
import type { Call } from "../../ports/call.js";
import type { Examined, MediaTraits, SourceProblem } from "../../ports/photo-source.js";
import type { StreamVerdicts } from "../exports/stream-verdicts.js";
import { isSystemFile } from "../exports/system-files.js";
import { classifyJson, type JsonKind } from "./json-kinds.js";
import { locatePhotos, type Place } from "./locate-photos.js";
import { extensionClass } from "./media-extensions.js";

interface Filed {
  readonly set: string;
  readonly folder: string;
  readonly name: string;
  readonly hash: ContentHash;
  /** Positions among the examined streams that hold these bytes under this name in this export. */
  readonly streams: number[];
}

export interface MediaFile extends Filed {
  readonly sizeBytes: number;
  readonly traits?: MediaTraits;
  /** False for bytes that no reader knows; they only take part in pairing, so that their sidecar is explained. */
  readonly readable: boolean;
}

export interface SidecarFile extends Filed {
  /** True where the bytes are no JSON: all that is known is the name. */
  readonly broken: boolean;
  readonly title?: string;
  readonly serviceId?: string;
  readonly takenSeconds?: number;
}

export interface AlbumFile extends Filed {
  readonly title?: string;
}

/** The Photos folders of all exports given, by what each file is. Compact: no parsed JSON is kept. */
export interface TakeoutIndex {
  readonly media: readonly MediaFile[];
  readonly sidecars: readonly SidecarFile[];
  readonly albums: readonly AlbumFile[];
  readonly problems: readonly SourceProblem[];
}

/** The path inside the Photos folder, as people know it. */
export const shownPath = ({ folder, name }: Pick<Filed, "folder" | "name">): string =>
  folder === "" ? name : `${folder}/${name}`;

type Read = (hash: ContentHash) => Promise<Uint8Array>;

/**
 * Sorts every stream: media, sidecars and album files are returned, all else gets its verdict at once. JSON is told
 * apart by content and read one at a time. Throws what `readSmall` throws, and `cancelled` on abort.
 */
export async function indexTakeout(
  examined: readonly Examined[],
  readSmall: Read,
  verdicts: StreamVerdicts,
  call: Call,
): Promise<TakeoutIndex> {
  const kinds = new Map<string, JsonKind | "broken">();
  const kindOf = async (stream: Examined): Promise<JsonKind | "broken"> => {
    throwIfAborted(call);
    if (stream.kind !== "json") return "broken";
    const fileName = stream.name.slice(stream.name.lastIndexOf("/") + 1);
    const key = `${stream.hash}/${fileName}`;
    const known = kinds.get(key);
    if (known !== undefined) return known;
    const parsed = parseJsonBytes(await readSmall(stream.hash));
    const kind = parsed === null ? "broken" : classifyJson(parsed.value, fileName);
    kinds.set(key, kind);
    return kind;
  };
  const isSidecar = async (index: number): Promise<boolean> => {
    const stream = examined[index];
    if (stream === undefined || isSystemFile(stream.name)) return false;
    const kind = await kindOf(stream);
    return kind !== "broken" && kind.kind === "photo";
  };
  const places = await locatePhotos(examined, isSidecar);
  const isTakeout = places.some(({ kind }) => kind !== "outside");
  const filing = new Filing(verdicts);
  for (const [index, stream] of examined.entries()) {
    const place = places[index];
    if (place === undefined) continue;
    if (isSystemFile(stream.name))
      verdicts.settle([index], "ignored", "made by an operating system or by Takeout itself");
    else if (place.kind === "product")
      verdicts.settle([index], "ignored", `other Takeout product: ${place.product}`);
    else if (place.kind === "outside") {
      if (isTakeout) verdicts.settle([index], "ignored", "outside the Photos folder of the export");
      else verdicts.settle([index], "unexplained", "no Photos folder of a Takeout was found around it");
    } else if (isJsonStream(stream)) filing.json(index, stream, place, await kindOf(stream));
    else filing.bytes(index, stream, place);
  }
  return filing;
}

const isJsonStream = ({ kind, name }: Examined): boolean =>
  kind === "json" || (kind === "other" && /\.json$/i.test(name));

const filedAs = (index: number, { hash }: Examined, { set, folder, name }: PhotosPlace): Filed => ({
  ...{ set, folder, name, hash },
  streams: [index],
});

class Filing implements TakeoutIndex {
  readonly media: MediaFile[] = [];
  readonly sidecars: SidecarFile[] = [];
  readonly albums: AlbumFile[] = [];
  readonly problems: SourceProblem[] = [];
  readonly #verdicts: StreamVerdicts;
  readonly #known = new Map<string, Filed>();

  constructor(verdicts: StreamVerdicts) {
    this.#verdicts = verdicts;
  }

  json(index: number, stream: Examined, place: PhotosPlace, kind: JsonKind | "broken"): void {
    const filed = filedAs(index, stream, place);
    if (kind === "broken") {
      this.#problem(index, stream, "sidecar.invalid-json", "is no valid JSON, so nothing in it can be used", [
        "The photo is kept with what its own bytes tell.",
        "Take the file from a fresh download of this part, or ask for a new export, and discover again.",
      ]);
      this.#file(this.sidecars, { ...filed, broken: true });
    } else if (kind.kind === "ignored") this.#verdicts.settle([index], "ignored", kind.reason);
    else if (kind.kind === "unknown")
      this.#verdicts.settle([index], "unexplained", "JSON of an unknown form");
    else if (kind.kind === "album") this.#file(this.albums, { ...filed, ...kind.told });
    else this.#file(this.sidecars, { ...filed, ...kind.told, broken: false });
  }

  bytes(index: number, stream: Examined, place: PhotosPlace): void {
    const { sizeBytes, traits } = stream;
    const about = {
      ...filedAs(index, stream, place),
      sizeBytes,
      ...(traits === undefined ? {} : { traits }),
    };
    if (stream.kind === "media" || traits !== undefined) {
      this.#file(this.media, { ...about, readable: true });
    } else if (stream.kind === "other" && extensionClass(place.name) !== null) {
      const what = sizeBytes === 0 ? "is empty" : "is no picture or video that can be recognised";
      this.#problem(index, stream, "media.unreadable", what, [
        "Download this part again, or fetch the photo from photos.google.com, and discover again.",
      ]);
      this.#file(this.media, { ...about, readable: false });
    } else {
      this.#verdicts.settle([index], "unexplained", "neither a photo, a video nor a JSON file of Takeout");
    }
  }

  /** The same bytes under the same name, as when a part is given twice, are one file with two streams. */
  #file<T extends Filed>(list: T[], found: T): void {
    const key = `${found.set}\0${found.folder}\0${found.name}\0${found.hash}`;
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

type PhotosPlace = Extract<Place, { kind: "photos" }>;
