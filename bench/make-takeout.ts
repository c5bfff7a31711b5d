import { join } from "node:path";
import { jpegMaker, variedSize } from "./make-jpegs.js";
import { ZipFile } from "./make-zip.js";

const PHOTOS = "Takeout/Google Photos";

const instant = (seconds: number) => ({
  timestamp: String(seconds),
  formatted: `${new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", ", ")} UTC`,
});

/** A sidecar in the form Google gives it. */
function sidecar(title: string, takenSeconds: number, number: number): Buffer {
  const place = { latitude: 43.27008, longitude: 3.52233, altitude: 12, latitudeSpan: 0, longitudeSpan: 0 };
  const values = {
    title,
    description: number % 5 === 0 ? `The ${number}th picture` : "",
    imageViews: String(number % 40),
    creationTime: instant(takenSeconds + 3600),
    photoTakenTime: instant(takenSeconds),
    geoData: place,
    geoDataExif: place,
    url: `https://photos.google.com/photo/AF1Qip${String(number).padStart(20, "0")}`,
    googlePhotosOrigin: { mobileUpload: { deviceType: "ANDROID_PHONE" } },
  };
  return Buffer.from(`${JSON.stringify(values, null, 2)}\n`);
}

/**
 * Writes a Takeout of so many JPEGs of about `meanBytes` with a sidecar each, in zips of at most about `partBytes`: the same
 * pictures as `writeJpegs` makes. A sidecar may be in another part than its picture, as in real exports.
 */
export async function writeTakeout(
  folder: string,
  count: number,
  meanBytes: number,
  partBytes: number,
): Promise<void> {
  const make = await jpegMaker();
  let part = 0;
  let zip = await nextPart();
  for (let number = 0; number < count; number += 1) {
    const { name, taken, bytes } = make(number, variedSize(number, meanBytes));
    const file = name.slice(name.indexOf("/") + 1);
    const place = `${PHOTOS}/Photos from ${taken.slice(0, 4)}/${file}`;
    await zip.add(place, bytes, { compressible: false });
    if (zip.sizeBytes >= partBytes) {
      await zip.finish();
      zip = await nextPart();
    }
    const seconds = Date.parse(`${taken}Z`) / 1000 - 7200;
    await zip.add(`${place}.supplemental-metadata.json`, sidecar(file, seconds, number), {
      compressible: true,
    });
  }
  await zip.finish();

  function nextPart(): Promise<ZipFile> {
    part += 1;
    return ZipFile.create(join(folder, `takeout-20260601T101112Z-${String(part).padStart(3, "0")}.zip`));
  }
}
