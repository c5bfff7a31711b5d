import { endpointOf } from "../../infra/http/service-address.js";
import type { PhotoTarget } from "../../ports/photo-service.js";
import { googleAccess } from "../google-api/context-access.js";
import type { ServiceContext } from "../service-context.js";
import { openGooglePhotos } from "./adapter.js";
import { keptUploadNotes } from "./kept-upload-notes.js";
import { type GooglePickerOptions, openGooglePicker, type PickedPhotos } from "./picker.js";
import { memoryUploadNotes } from "./upload-notes.js";

export interface GooglePhotosSettings {
  /** Whether the configuration allows photosync to put photos into albums of its own there; see `GooglePhotosOptions`. */
  readonly albums?: boolean;
  /** A folder that is never committed, where begun uploads are remembered; null for a dry run. */
  readonly uploadsFolder: string | null;
}

/** The Google Photos account of a context: what photosync itself uploaded. Throws `config.endpoint` (user). */
export function openGooglePhotosAccount(
  context: ServiceContext,
  settings: GooglePhotosSettings,
): PhotoTarget {
  const { account, endpoints } = context;
  const { albums = false, uploadsFolder } = settings;
  return openGooglePhotos({
    access: googleAccess(context),
    library: endpointOf(account, endpoints, "library", "https://photoslibrary.googleapis.com"),
    allowsAlbums: albums,
    notes: uploadsFolder === null ? memoryUploadNotes() : keptUploadNotes(uploadsFolder),
  });
}

/** What the owner of a context's account picks in the browser. To be closed when all is fetched. Throws `config.endpoint` (user). */
export function openGooglePickerAccount(
  context: ServiceContext,
  picking: Pick<GooglePickerOptions, "show" | "mostPhotos">,
): PickedPhotos {
  const { account, endpoints, time } = context;
  return openGooglePicker({
    ...picking,
    access: googleAccess(context),
    picker: endpointOf(account, endpoints, "picker", "https://photospicker.googleapis.com"),
    sleep: (ms, call) => time.sleep(ms, call),
  });
}
