import type { Call } from "../../ports/call.js";
import type { Download, ServiceInstance } from "../../ports/photo-service.js";
import type { FlickrClient } from "./client.js";
import { download, notObtained, type Wanted } from "./download.js";
import { flickrCodeOf } from "./failures.js";
import type { PhotoWords } from "./photo-words.js";
import { countOf, listAt, recordAt, textOf } from "./shapes.js";

interface Size {
  readonly label: string;
  readonly source: string;
  readonly area: number;
  readonly isVideo: boolean;
}

/** Codes 1 and 2 of `photos.getSizes`: not there, or not for the caller to see. */
const HIDDEN = [1, 2];

async function sizesOf(client: FlickrClient, id: string, call: Call): Promise<readonly Size[]> {
  try {
    const answer = await client.ask("photos.getSizes", { photo_id: id }, call);
    return (listAt(recordAt(answer, "sizes"), "size") ?? []).map((size) => ({
      label: textOf(size["label"]) ?? "",
      source: textOf(size["source"]) ?? "",
      area: (countOf(size["width"]) ?? 0) * (countOf(size["height"]) ?? 0),
      isVideo: size["media"] === "video",
    }));
  } catch (error) {
    if (HIDDEN.includes(flickrCodeOf(error) ?? 0)) return [];
    throw error;
  }
}

/**
 * The best bytes that Flickr gives of an instance. A list has told where a picture's original is, else it is asked for. What is
 * given as the original of a video in lists is a picture of it, so videos are always asked for; smaller copies of a video are
 * never taken. Throws what `download` throws.
 */
export async function openPhoto(
  client: FlickrClient,
  instance: ServiceInstance,
  words: Pick<PhotoWords, "originalAddress" | "originalFormat"> | undefined,
  standIn: string | null,
  call: Call,
): Promise<Download> {
  const { id, mediaKind } = instance;
  const common = { id, mediaKind, standIn };
  if (mediaKind === "video") return download(client, await videoOf(client, common, call), call);
  const address = instance.obtainable === "original" ? words?.originalAddress : undefined;
  const known: Wanted | null = address === undefined ? null : { ...common, address, quality: "original" };
  return download(
    client,
    withFormat(known ?? (await pictureOf(client, instance, common, call)), instance),
    call,
  );
}

/** An original has the format that it was uploaded in, which the instance's name tells. */
function withFormat(wanted: Wanted, { filename }: ServiceInstance): Wanted {
  const format = /\.([a-z0-9]+)$/i.exec(filename)?.[1];
  return wanted.quality === "original" && format !== undefined ? { ...wanted, format } : wanted;
}

function formatIn(address: string): Pick<Wanted, "format"> {
  const format = /\.([a-z0-9]+)(?:$|[?#])/i.exec(address)?.[1];
  return format === undefined ? {} : { format };
}

type Common = Pick<Wanted, "id" | "mediaKind" | "standIn">;

async function videoOf(client: FlickrClient, common: Common, call: Call): Promise<Wanted> {
  const original = (await sizesOf(client, common.id, call)).find(({ label }) => label === "Video Original");
  if (original === undefined) {
    throw notObtained(client, common.id, "Flickr gives this account only smaller copies of the video");
  }
  return { ...common, address: original.source, quality: "original" };
}

async function pictureOf(
  client: FlickrClient,
  { obtainable }: ServiceInstance,
  common: Common,
  call: Call,
): Promise<Wanted> {
  const pictures = (await sizesOf(client, common.id, call)).filter(({ isVideo }) => !isVideo);
  const original = pictures.find(({ label }) => label === "Original");
  if (original !== undefined && obtainable === "original")
    return { ...common, address: original.source, quality: "original" };
  const [largest] = pictures.toSorted((a, b) => b.area - a.area);
  if (largest === undefined) throw notObtained(client, common.id, "Flickr gives this account no size of it");
  // What stands for a picture that is not available has a format of its own.
  return { ...common, address: largest.source, quality: "medium", ...formatIn(largest.source) };
}
