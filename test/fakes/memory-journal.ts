import type { PhotoId } from "../../src/domain/ids.js";
import type { PendingUpload, UploadJournal } from "../../src/ports/upload-journal.js";

/** A journal that outlives crashes of what uses it, as a disk does. */
export function memoryJournal(): UploadJournal {
  const accounts = new Map<string, Map<PhotoId, PendingUpload>>();
  const arrived = new Map<string, PendingUpload>();
  const of = (account: string) => {
    const known = accounts.get(account) ?? new Map<PhotoId, PendingUpload>();
    accounts.set(account, known);
    return known;
  };
  return {
    pending: async (account) => new Map(of(account)),
    known: async (account, photoId) =>
      of(account).get(photoId) ?? arrived.get(`${account} ${photoId}`) ?? null,
    begin: async (account, upload) => {
      const known = of(account).get(upload.photoId);
      const entry = known?.hash === upload.hash ? known : upload;
      of(account).set(upload.photoId, entry);
      return entry;
    },
    arrived: async (account, photoId, instanceId) => {
      const known = of(account).get(photoId);
      if (known !== undefined) of(account).set(photoId, { ...known, instanceId });
    },
    settle: async (account, photoIds) => {
      for (const photoId of photoIds) {
        const known = of(account).get(photoId);
        if (known?.instanceId !== undefined && known.hash !== undefined)
          arrived.set(`${account} ${photoId}`, known);
        of(account).delete(photoId);
      }
    },
  };
}
