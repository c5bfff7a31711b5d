import { onTestFinished } from "vitest";
import { type FlickrSettings, type OpenedFlickr, openFlickr } from "./flickr-opened.js";

/** An account on a Flickr of its own, for as long as the test runs. */
export async function opened(settings?: FlickrSettings): Promise<OpenedFlickr> {
  const flickr = await openFlickr(settings);
  onTestFinished(() => flickr.close());
  return flickr;
}
