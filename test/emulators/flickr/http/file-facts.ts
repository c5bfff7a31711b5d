import { readMedia } from "../../../../src/infra/media/read-media.js";
import type { SentFile } from "../machine/sent-file.js";
import type { ReceivedFile } from "./file-store.js";

/** Degrees as Flickr keeps them. */
const degrees = (value: number): string => String(Number(value.toFixed(6)));

/** `2004-11-29T16:01:26` with whatever follows, as a MySQL datetime. */
const mysqlDate = (text: string | undefined): string | undefined => {
  const found = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})/.exec(text ?? "");
  return found === null ? undefined : `${found[1]} ${found[2]}`;
};

/** What Flickr reads out of a file that was sent. */
export async function fileFacts(filename: string, received: ReceivedFile): Promise<SentFile> {
  const { stored, digest } = received;
  const reading = await readMedia(stored, "");
  const { facts, media } = reading;
  const taken = mysqlDate(facts.taken_date);
  const base = { filename, sizeBytes: stored.sizeBytes, digest };
  const { location: place, title, caption, tags: keywords, camera_info: camera } = facts;
  return {
    ...base,
    extension: reading.type?.extension ?? "",
    kind: reading.type?.kind ?? "other",
    ...(media?.width && { width: media.width }),
    ...(media?.height && { height: media.height }),
    ...(media?.duration_seconds && { durationSeconds: media.duration_seconds }),
    ...(taken !== undefined && { taken }),
    ...(place && { place: { latitude: degrees(place.lat), longitude: degrees(place.lng) } }),
    ...(title && { title }),
    ...(caption && { caption }),
    ...(keywords && { keywords }),
    exif: { ...(camera?.make && { Make: camera.make }), ...(camera?.model && { Model: camera.model }) },
  };
}
