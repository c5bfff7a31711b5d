import type { ServiceTraits } from "../../ports/photo-service.js";

/** What Flickr can do, and what it cannot. */
export const FLICKR_TRAITS: ServiceTraits = {
  readsVisibility: true,
  settableVisibilities: ["private", "friends", "public"],
  editableFields: new Set(["title", "caption", "tags", "taken_date", "location", "albums"]),
  keepsOriginals: true,
  seesWholeAccount: true,
  // people.getUploadStatus names 200 MB and 1 GB.
  uploadLimits: { image: 209_715_200, video: 1_073_741_824 },
  // Other formats are refused or come back as JPEG.
  uploadTypes: new Set([
    ...["image/jpeg", "image/png", "image/gif"],
    ...["video/mp4", "video/quicktime", "video/x-msvideo", "video/mpeg", "video/3gpp", "video/x-ms-wmv"],
  ]),
  parallelUploads: 2,
  requestsFor: { upload: 4, edit: 4, setVisibility: 4 },
  remarks: [
    "The whole account is listed with its metadata, albums and who may see each photo, and later only what changed.",
    "Photos are uploaded as private, and titles, captions, tags, dates, places, albums and who may see them can be changed.",
    "Friends, family and both count as one level, friends; a photo that only one of them may see is left so.",
    "Originals come back byte for byte where Flickr lets the account download them, which it does for Pro members; what a free account gets is recorded as a smaller copy.",
    "Originals of videos are often not given to programs; Flickr's own account data export has them.",
    "Guest passes cannot be seen through the API.",
  ],
};
