import { extname } from "node:path";
import { PhotosyncError } from "../../domain/errors.js";
import type { Call } from "../../ports/call.js";
import type { Upload } from "../../ports/photo-service.js";
import type { OwnAlbums } from "./albums.js";
import { DESCRIPTION_UNDER } from "./capabilities.js";
import type { Creation, Creations } from "./creations.js";
import type { LibraryMedia } from "./library-media.js";
import type { ByteUploads } from "./upload-bytes.js";

export interface UploadParts {
  readonly account: string;
  readonly uploads: ByteUploads;
  readonly creations: Creations;
  /** Null where albums are not allowed. */
  readonly albums: OwnAlbums | null;
}

export type PhotoUploaded =
  | { readonly kind: "uploaded" | "already"; readonly media: LibraryMedia }
  | { readonly kind: "unknown"; readonly error: unknown };

interface Tried {
  readonly creation: Creation;
  /** True where an earlier request may have used the token up: then a refusal of it says nothing of the photo. */
  readonly mayBeSpent?: boolean;
}

const MOST_NAME = 255;
/** google.rpc.Code INTERNAL: a later try often works. */
const INTERNAL = 13;

/** A name that Google takes: at most 255 characters, the extension kept. */
function fileNameOf(filename: string): string {
  const extension = extname(filename);
  return filename.length <= MOST_NAME
    ? filename
    : filename.slice(0, MOST_NAME - extension.length) + extension;
}

/** A caption that is too long is left out, never cut: `edit` then says so to the owner. */
const descriptionOf = ({ caption = "" }: Upload["fields"]): string =>
  caption.length < DESCRIPTION_UNDER ? caption : "";

const rejected = (
  account: string,
  upload: Upload,
  { code, message }: Extract<Creation, { kind: "rejected" }>,
): PhotosyncError =>
  new PhotosyncError({
    kind: code === INTERNAL ? "transient" : "partial",
    code: `${account}.${code === INTERNAL ? "unavailable" : "rejected"}`,
    message: `Google Photos made no photo of ${upload.filename}: ${message || `code ${code}`}.`,
    next:
      code === INTERNAL
        ? ["Run the same command again later: it goes on where it stopped."]
        : [
            "Google may not know this format, or take the file for damaged; the original is safe in your stores.",
          ],
    data: { nothingDone: true },
  });

/**
 * Brings a photo to Google Photos: its bytes, then `batchCreate`, together with others. A token that an earlier run got for these
 * bytes is used first. Where the reply of `batchCreate` is lost it is repeated once; and where Google then takes the token no more
 * (which may mean that the first one worked) the bytes go again, which gives back the photo that is there.
 * Throws what requests throw; `<account>.rejected` (partial) where Google makes no photo of these bytes.
 */
export async function uploadPhoto(parts: UploadParts, upload: Upload, call: Call): Promise<PhotoUploaded> {
  const { account, uploads, albums } = parts;
  const [title, ...others] = upload.fields.albums ?? [];
  const album = title === undefined || albums === null ? undefined : await albums.named(title, call);
  const bytes = { ...upload, hash: upload.mark.hash };
  const wish = { fileName: fileNameOf(upload.filename), description: descriptionOf(upload.fields) };
  const create = (uploadToken: string) => parts.creations.create({ uploadToken, ...wish }, album?.id, call);
  const createTwice = async (token: string): Promise<Tried> => {
    const creation = await create(token);
    return creation.kind === "unknown" ? { creation: await create(token), mayBeSpent: true } : { creation };
  };
  const send = async (): Promise<Tried> => {
    const over = uploads.isSmall(upload) ? parts.creations.expectSoon() : () => {};
    try {
      const token = await uploads.send(bytes, call);
      over();
      return await createTwice(token);
    } finally {
      over();
    }
  };
  const noted = await uploads.notedToken(bytes);
  let tried = noted === null ? await send() : { ...(await createTwice(noted)), mayBeSpent: true };
  if (tried.creation.kind === "rejected" && tried.mayBeSpent === true) {
    await uploads.forget(bytes);
    tried = await send();
  }
  const { creation, mayBeSpent = false } = tried;
  if (creation.kind === "unknown") return creation;
  await uploads.forget(bytes);
  if (creation.kind === "rejected") {
    const error = rejected(account, upload, creation);
    if (mayBeSpent) return { kind: "unknown", error };
    throw error;
  }
  const { media, isOwn } = creation;
  if (isOwn && albums !== null && album !== undefined) {
    await albums.added(media.id, album.title, call);
    await albums.add(media.id, others, call);
  }
  const isOurs = isOwn && media.filename === wish.fileName && media.description === wish.description;
  return { kind: isOurs ? "uploaded" : "already", media };
}
