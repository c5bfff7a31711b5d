import { createHash } from "node:crypto";
import { type ContentHash, contentHash } from "../../../src/domain/ids.js";
import type { Examined, Finding, MediaTraits, StreamAccount } from "../../../src/ports/photo-source.js";
import { groupTakeout } from "../../../src/services/google-takeout/group-takeout.js";
import { extensionClass } from "../../../src/services/google-takeout/media-extensions.js";
import {
  albumJson,
  type SidecarValues,
  sidecarJson,
  type TakeoutFile,
} from "../../fixtures/takeout/takeout-builder.js";

export interface GivenFile extends TakeoutFile {
  /** File name of the archive; an unpacked folder where it is absent. */
  readonly part?: string;
  readonly traits?: Partial<MediaTraits>;
}

const PHOTOS = "Takeout/Google Photos";
const PART = "takeout-20260601T101112Z-001.zip";
const MIME = { image: "image/jpeg", raw: "image/x-adobe-dng", video: "video/mp4" } as const;

/** A picture or video at `path` inside the Photos folder; its bytes are `like`, by default the path itself. */
export const media = (path: string, like = path, traits: Partial<MediaTraits> = {}): GivenFile => ({
  ...{ name: `${PHOTOS}/${path}`, part: PART, traits },
  bytes: new TextEncoder().encode(`media:${like}`),
});

/** A sidecar at `path` inside the Photos folder; the title is read off the path where none is given. */
export const sidecar = (path: string, values: Partial<SidecarValues> = {}): GivenFile => ({
  ...{ name: `${PHOTOS}/${path}`, part: PART },
  bytes: sidecarJson({
    title: path.replace(/^.*\//, "").replace(/(?:\.supplemental-metadata)?(?:\(\d+\))?\.json$/, ""),
    ...values,
  }),
});

export const album = (folder: string, title?: string): GivenFile => ({
  ...{ name: `${PHOTOS}/${folder}/metadata.json`, part: PART, bytes: albumJson(title) },
});

export const other = (name: string, text: string): GivenFile => ({
  ...{ name, part: PART, bytes: new TextEncoder().encode(text) },
});

export const inPart = (file: GivenFile, part: string): GivenFile => ({ ...file, part });

export const unpacked = ({ part: _, ...file }: GivenFile, name: string): GivenFile => ({ ...file, name });

export const hashOf = (bytes: Uint8Array): ContentHash =>
  contentHash(createHash("sha256").update(bytes).digest("hex"));

/** What looking at the made-up files would tell. */
export function examine(files: readonly GivenFile[]): {
  readonly examined: Examined[];
  readonly small: Map<ContentHash, Uint8Array>;
} {
  const small = new Map<ContentHash, Uint8Array>();
  const examined = files.map(({ name, bytes, part, traits }): Examined => {
    const hash = hashOf(bytes);
    const location =
      part === undefined ? { path: `/unpacked/${name}` } : { path: `/in/${part}`, entry: name };
    const about = { location, name, sizeBytes: bytes.length, hash };
    if (/\.json$/i.test(name)) {
      small.set(hash, bytes);
      return { ...about, kind: "json" };
    }
    const kind = extensionClass(name) ?? traits?.kind;
    if (traits === undefined || kind === undefined) return { ...about, kind: "other" };
    const extension = kind === "video" ? "mp4" : "jpg";
    return { ...about, kind: "media", traits: { kind, mimeType: MIME[kind], extension, ...traits } };
  });
  return { examined, small };
}

export interface Grouped {
  readonly findings: Finding[];
  readonly accounts: StreamAccount[];
  readonly problems: string[];
  readonly notes: string[];
  /** The verdict on the file at this path inside the Photos folder. */
  verdict(path: string): string | undefined;
  /** The photo whose original or other version has this path inside the Photos folder. */
  photo(path: string): Finding | undefined;
}

export async function group(
  files: readonly GivenFile[],
  signal = new AbortController().signal,
): Promise<Grouped> {
  const { examined, small } = examine(files);
  const readSmall = async (hash: ContentHash) => {
    const bytes = small.get(hash);
    if (bytes === undefined) throw new RangeError(`no JSON was examined with the hash ${hash}`);
    return bytes;
  };
  const findings: Finding[] = [];
  const accounts: StreamAccount[] = [];
  const problems: string[] = [];
  const notes: string[] = [];
  for await (const each of groupTakeout("google-photos", examined, readSmall, { signal })) {
    if (each.kind === "photo") findings.push(each);
    else if (each.kind === "stream") accounts.push(each);
    else if (each.kind === "problem") problems.push(each.failure.code);
    else notes.push(each.message);
  }
  const endsWith = (path: string) => (place: { readonly path: string; readonly entry?: string }) =>
    (place.entry ?? place.path).endsWith(`/${path}`);
  return {
    ...{ findings, accounts, problems, notes },
    verdict: (path) => accounts.find(({ location }) => endsWith(path)(location))?.verdict,
    photo: (path) =>
      findings.find(({ original, variants }) =>
        [original, ...variants.map(({ file }) => file)].some(({ locations }) =>
          locations.some(endsWith(path)),
        ),
      ),
  };
}
