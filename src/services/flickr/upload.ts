import { PhotosyncError } from "../../domain/errors.js";
import { cancelled } from "../../infra/until-aborted.js";
import type { Call } from "../../ports/call.js";
import type { Upload } from "../../ports/photo-service.js";
import type { FlickrClient, SentUpload } from "./client.js";
import { askedToWait, flickrCodeOf, notTaken, uploadsClosed } from "./failures.js";
import { markTags } from "./own-tags.js";
import { tagsText } from "./tag-text.js";

/** What became of the bytes; the photo itself is still to be read back. */
export type Sent =
  | { readonly kind: "stands"; readonly id: string }
  /** These bytes are in the account already. */
  | { readonly kind: "duplicate"; readonly id: string }
  | { readonly kind: "unknown"; readonly error: unknown };

/** The codes of upload.api. */
const REFUSED_FILES = new Set([2, 4, 5, 8, 15]);
const REFUSED_ACCOUNT = new Set([6, 7]);
const DUPLICATE = 9;
const AT_CAPACITY = 14;
/** "General upload failure": nothing says that nothing arrived. */
const GENERAL_FAILURE = 3;

const extensionOf = (filename: string): string => /\.[a-z0-9]{1,5}$/i.exec(filename)?.[0].toLowerCase() ?? "";

/** The file as it goes out: its name says what it is and nothing of where it lay. */
const fileOf = ({ filename, mimeType, sizeBytes, mark, open }: Upload): SentUpload => ({
  name: `${mark.photoId}${extensionOf(filename)}`,
  ...{ mimeType, sizeBytes, open },
});

/**
 * Everything that Flickr would otherwise settle by the account's defaults is told: nobody but the owner sees it, no search finds it,
 * and neither the file's name nor words inside it become its title.
 */
const paramsOf = ({ fields, mark }: Upload, marks: boolean): Readonly<Record<string, string>> => ({
  title: fields.title ?? "",
  description: fields.caption ?? "",
  tags: tagsText([...(marks ? markTags(mark) : []), ...(fields.tags ?? [])]),
  is_public: "0",
  is_friend: "0",
  is_family: "0",
  hidden: "2",
  safety_level: "1",
  content_type: "1",
});

const saidOf = (error: PhotosyncError): string => {
  const said = error.data["said"];
  return typeof said === "string" && said !== "" ? said : error.message;
};

/** What Flickr's refusal of an upload means. */
function refusal(client: FlickrClient, upload: Upload, error: PhotosyncError, code: number): PhotosyncError {
  const said = saidOf(error);
  if (REFUSED_FILES.has(code)) return notTaken(client.account, upload.filename, said);
  if (REFUSED_ACCOUNT.has(code)) return uploadsClosed(client.account, said);
  const seconds = error.data["waitSeconds"];
  if (code === AT_CAPACITY)
    return askedToWait(client.account, said, typeof seconds === "number" ? seconds : null);
  return error;
}

/**
 * Sends the bytes once. Flickr compares them with what the account holds (`dedup_check`), so that what was sent before does not
 * become a second photo; a photo that was deleted counts there, too, and is then sent without the check. Throws what certainly left
 * nothing behind; what may have arrived is `unknown`.
 */
export async function sendPhoto(
  client: FlickrClient,
  upload: Upload,
  marks: boolean,
  call: Call,
): Promise<Sent> {
  const params = paramsOf(upload, marks);
  const first = await sendOnce(client, upload, { ...params, dedup_check: "1" }, call);
  return first.kind === "deleted" ? asSent(await sendOnce(client, upload, params, call), client) : first;
}

type Once = Sent | { readonly kind: "deleted" };

function asSent(once: Once, client: FlickrClient): Sent {
  if (once.kind !== "deleted") return once;
  throw notTaken(client.account, "this file", "it was deleted there before");
}

async function sendOnce(
  client: FlickrClient,
  upload: Upload,
  params: Readonly<Record<string, string>>,
  call: Call,
): Promise<Once> {
  try {
    return { kind: "stands", id: await client.upload(fileOf(upload), params, call) };
  } catch (error) {
    if (call.signal.aborted) throw cancelled(call);
    if (!(error instanceof PhotosyncError)) throw error;
    const code = flickrCodeOf(error);
    if (code === DUPLICATE) {
      const id = error.data["duplicateId"];
      if (error.data["isDeleted"] === true) return { kind: "deleted" };
      if (typeof id === "string") return { kind: "duplicate", id };
      // Sent without the comparison it would become a second photo: only where Flickr calls the first one deleted is that meant.
      throw notTaken(
        client.account,
        upload.filename,
        "it is there already, and Flickr does not say as which photo",
      );
    }
    if (code === GENERAL_FAILURE) return { kind: "unknown", error };
    if (code !== null) throw refusal(client, upload, error, code);
    if (error.kind === "transient" && error.data["nothingDone"] !== true) return { kind: "unknown", error };
    throw error;
  }
}
