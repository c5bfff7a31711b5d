import { type JsonRecord, textAt } from "../../infra/json-value.js";

/** `/photo/<id>`, also below `/lr/`, `/u/0/` and `/share/…/`. */
const PHOTO_PATH = /\/photo\/([\w-]+)\/?$/;

/** The sidecar's address of the photo in Google Photos; undefined for other addresses, such as lh3 ones of bytes. */
export function photoUrlOf(sidecar: JsonRecord): string | undefined {
  const text = textAt(sidecar, "url");
  if (text === undefined || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === "https:" && url.hostname === "photos.google.com" && PHOTO_PATH.test(url.pathname)
    ? text
    : undefined;
}

/** Google's own id of the photo, equal in every export. */
export function serviceIdOf(sidecar: JsonRecord): string | undefined {
  const url = photoUrlOf(sidecar);
  return url === undefined ? undefined : PHOTO_PATH.exec(new URL(url).pathname)?.[1];
}
