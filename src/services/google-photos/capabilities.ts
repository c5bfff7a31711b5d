import type { ServiceTraits } from "../../ports/photo-service.js";

/** Descriptions are shorter than this (https://developers.google.com/photos/library/reference/rest/v1/mediaItems/batchCreate). */
export const DESCRIPTION_UNDER = 1000;

/**
 * https://developers.google.com/photos/library/guides/upload-media, with the camera formats that it calls "some RAW files". Others are refused
 * after their bytes were sent.
 */
const TYPES = (
  "image/avif image/bmp image/gif image/heic image/heif image/jpeg image/png image/tiff image/webp image/x-icon " +
  "image/x-adobe-dng image/x-canon-cr2 image/x-canon-cr3 image/x-nikon-nef image/x-sony-arw image/x-panasonic-rw2 " +
  "image/x-olympus-orf image/x-fujifilm-raf image/x-pentax-pef video/mp4 video/x-m4v video/quicktime video/3gpp video/3gpp2 " +
  "video/x-msvideo video/mp2t video/x-matroska video/x-ms-asf video/mpeg"
).split(" ");

/** Google Photos through the Library API. Albums are written only where the configuration allows it. */
export const libraryTraits = (allowsAlbums: boolean): ServiceTraits => ({
  readsVisibility: false,
  settableVisibilities: [],
  editableFields: new Set(allowsAlbums ? ["caption", "albums"] : ["caption"]),
  keepsOriginals: false,
  seesWholeAccount: false,
  uploadLimits: { image: 200_000_000, video: 20_000_000_000 },
  uploadTypes: new Set(TYPES),
  parallelUploads: 50,
  requestsFor: { upload: 1.04, edit: 4, setVisibility: 0 },
  remarks: [
    "Only what photosync uploaded can be seen and changed; the whole library comes from Google Takeout.",
    "Nobody can ask who sees a photo there, so photosync keeps off albums unless you allow them.",
    "Its downloads are no originals: photos lose their place and videos are converted.",
    "Descriptions can be changed; dates, places, names, favourites and deletions cannot.",
  ],
});

/** The same for what the owner picks in the browser. */
export const pickerTraits: ServiceTraits = {
  readsVisibility: false,
  settableVisibilities: [],
  editableFields: new Set(),
  keepsOriginals: false,
  seesWholeAccount: false,
  remarks: [
    "Up to 2,000 photos that you pick in the browser can be fetched, within about an hour.",
    "They are no originals: photos come without their place, videos converted, and without descriptions and albums.",
  ],
};
