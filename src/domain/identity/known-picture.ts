import { copiesOf } from "../copies.js";
import type { ContentHash, PhotoId } from "../ids.js";
import {
  type Facts,
  type Instance,
  type InstanceCopy,
  type Json,
  type Media,
  ORIGINAL_SOURCE,
  type PhotoDocument,
} from "../photo.js";
import { placeText } from "../placing.js";
import { byCodeUnit, own } from "../same-json.js";
import { parseTakenDate } from "../taken-date.js";
import type { Appearance } from "./appearance.js";
import { hashesKeptApart } from "./identity-field.js";

/** A photo as identity compares it with others. */
export interface KnownPicture {
  readonly photoId: PhotoId;
  /** Of its original; never looked at. */
  readonly original: Appearance;
  /** Of what was joined to it: another copy must contradict none of them. */
  readonly joined: readonly Appearance[];
  /** Content hashes of what a person held to be other pictures. */
  readonly apart: readonly string[];
}

/** RAW formats have no registered MIME type, every picture that can be decoded has one. */
function kindOf({ mime_type: type }: Media): Appearance["kind"] {
  if (type.startsWith("video/")) return "video";
  return type.startsWith("image/x-") ? "raw" : "image";
}

type Instances = Readonly<Record<string, Instance>>;

interface HeldCopy {
  readonly service: string;
  readonly copy: InstanceCopy;
}

const copiesIn = (instances: Instances): readonly HeldCopy[] =>
  Object.entries(instances).flatMap(([service, instance]) =>
    copiesOf(instance).map((copy) => ({ service, copy })),
  );

/** False for what is known by its place alone, as files in folders are: other bytes under one path are another picture. */
const hasIdOfItsOwn = ({ id, locations = [] }: InstanceCopy): boolean =>
  locations.every((location) => placeText(location) !== id);

const UPLOAD_TAG = /^photosync:id=([0-9a-f]{32})$/i;

/** The mark of a photo's own id, as uploads bear it. */
export const ownMark = (photoId: PhotoId): string => `photosync:${photoId.replaceAll("-", "")}`;

/** The tags, anywhere in what a service said, by which photosync knows its uploads again. */
function uploadMarks(said: Json): readonly string[] {
  const marks: string[] = [];
  const waiting: Json[] = [said];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next === "string") {
      const hex = UPLOAD_TAG.exec(next.trim())?.[1];
      if (hex !== undefined) marks.push(`photosync:${hex.toLowerCase()}`);
    } else if (typeof next === "object" && next !== null) waiting.push(...Object.values(next));
  }
  return marks;
}

/** What is known of one blob of a document. */
interface Blob {
  readonly hash: ContentHash;
  readonly filename: string;
  readonly media: Media;
  /** Those whose ids are marks of it, and whose words count for it. */
  readonly held: readonly HeldCopy[];
}

/** A wall clock before a bare instant; the bytes' own words, which come first, before both. */
function dateOf(bytes: Facts | undefined, said: readonly Facts[]): string | undefined {
  if (bytes?.taken_date !== undefined) return bytes.taken_date;
  const dates = said.flatMap(({ taken_date }) => taken_date ?? []);
  return dates.find((date) => parseTakenDate(date)?.instantOnly === false) ?? dates[0];
}

/** Shorter ids could stand in a name by chance. */
const LEAST_ID = 8;

/**
 * The name that a picture came with. Where a service put its own id into the file's name (`rome_52800000001_o.jpg` in an export of
 * Flickr's), that is what the service says of it: the title, which Flickr makes of the name that was uploaded.
 */
function nameOf({ filename, held }: Blob, said: readonly Facts[]): string {
  const isOfService = held.some(({ copy }) => copy.id.length >= LEAST_ID && filename.includes(copy.id));
  const names = isOfService ? said.flatMap((facts) => facts.filename ?? facts.title ?? []) : [];
  return names[0] ?? filename;
}

function appearanceOf(sources: PhotoDocument["sources"], blob: Blob): Appearance {
  const { hash, media, held } = blob;
  const bytes = own(sources, ORIGINAL_SOURCE)?.findLast(({ id }) => id === hash)?.facts;
  const records = held
    .toSorted((a, b) => byCodeUnit(a.service, b.service) || byCodeUnit(a.copy.id, b.copy.id))
    .flatMap(({ service, copy }) => own(sources, service)?.findLast(({ id }) => id === copy.id) ?? []);
  const said = records.map(({ facts }) => facts);
  const takenDate = dateOf(bytes, said);
  const ownCamera = bytes?.camera_info;
  const camera = ownCamera ?? records.find(({ facts }) => facts.camera_info !== undefined)?.facts.camera_info;
  const isTurned = (media.orientation ?? 1) >= 5;
  const [width, height] = isTurned ? [media.height, media.width] : [media.width, media.height];
  const marks = [
    ...held.flatMap(({ service, copy }) => (hasIdOfItsOwn(copy) ? [`${service}:${copy.id}`] : [])),
    ...records.flatMap(({ raw }) => uploadMarks(raw)),
  ];
  // A folder calls all its files originals; only with the camera's own words in them are they bytes as captured.
  const isOriginal = ownCamera !== undefined && held.some(({ copy }) => copy.quality === "original");
  return {
    id: hash,
    kind: kindOf(media),
    marks: [...new Set(marks)].sort(byCodeUnit),
    sources: [...new Set(held.map(({ service }) => service))].sort(byCodeUnit),
    filename: nameOf(blob, said),
    ...(takenDate !== undefined && { takenDate }),
    ...(camera !== undefined && { camera }),
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
    bytes: media.bytes,
    ...(isOriginal && { isOriginal }),
  };
}

/**
 * A document as identity compares it; null where its original is no picture, for films and RAW files are paired by other means.
 * What sources themselves show to belong to the photo, its edits say, lends it their marks; what was joined to it is
 * compared for itself. Pure.
 */
export function knownPicture(document: PhotoDocument): KnownPicture | null {
  const { content_hash, media, metadata, sources, variants = [] } = document;
  if (kindOf(media) !== "image") return null;
  const beside = variants.filter(({ joined }) => joined === undefined);
  const held = copiesIn(document.instances);
  const original = appearanceOf(sources, { hash: content_hash, filename: metadata.filename, media, held });
  const lent = beside.flatMap(({ instances }) =>
    copiesIn(instances).flatMap(({ service, copy }) =>
      hasIdOfItsOwn(copy) ? [`${service}:${copy.id}`] : [],
    ),
  );
  const takenDate = original.takenDate ?? metadata.taken_date ?? undefined;
  return {
    photoId: document.photo_id,
    original: {
      ...original,
      marks: [...new Set([ownMark(document.photo_id), ...[...original.marks, ...lent].sort(byCodeUnit)])],
      ...(takenDate !== undefined && { takenDate }),
    },
    joined: variants
      .filter((variant) => variant.joined !== undefined && kindOf(variant.media) === "image")
      .map((variant) =>
        appearanceOf(sources, {
          hash: variant.content_hash,
          filename: variant.filename,
          media: variant.media,
          held: copiesIn(variant.instances),
        }),
      ),
    apart: hashesKeptApart(document),
  };
}
