import { PhotosyncError } from "../../../domain/errors.js";

/** Where whoever is told to correct a store's settings finds them: a store that is being added, or brought back from, is in no file yet. */
export const WHERE_SETTINGS_ARE = "in config/user-preferences.json, or in the command that names them";

/** `config.store` (user): what a store's settings say means nothing. `store` is its name in the preferences; null where it is not there (yet). */
export const badSettings = (store: string | null, what: string, next: string): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: "config.store",
    message: `${store === null ? "The store" : `blob_storage.stores.${store} in config/user-preferences.json`} cannot be used: ${what}.`,
    next: [next],
  });
