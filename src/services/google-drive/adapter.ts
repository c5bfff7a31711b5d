import { createHash } from "node:crypto";
import { PhotosyncError } from "../../domain/errors.js";
import type { Call } from "../../ports/call.js";
import type {
  AccountReport,
  Download,
  PhotoService,
  ScanPage,
  ScanRequest,
  ServiceInstance,
  ServiceTraits,
} from "../../ports/photo-service.js";
import type { GoogleAccess } from "../google-api/google-request.js";
import { openDriveBytes } from "./drive-bytes.js";
import { DriveClient } from "./drive-client.js";
import { driveInstance, mediaKindOf } from "./drive-file.js";
import { folderId } from "./drive-folders.js";
import { scanChanges } from "./scan-changes.js";
import { scanFiles } from "./scan-files.js";

export interface GoogleDriveOptions {
  readonly access: GoogleAccess;
  /** `https://www.googleapis.com/drive/v3`. */
  readonly drive: string;
  /** `folders` of the account in `config/services.json`: addresses in the browser, ids, or paths from My Drive (`/Photos`). */
  readonly folders: readonly string[];
}

/** Google Drive, which is only read. */
export const DRIVE_TRAITS: ServiceTraits = {
  readsVisibility: true,
  settableVisibilities: [],
  editableFields: new Set(),
  keepsOriginals: true,
  seesWholeAccount: false,
  remarks: [
    "Pictures and videos in the folders that you name are read as they are, with checksums.",
    "Nothing is ever written to Drive.",
    "Shortcuts and Google's own documents are passed over.",
  ],
};

/** Photos and videos in chosen folders of a Google Drive, read only; the second scan on asks only for what changed. */
export function openGoogleDrive(options: GoogleDriveOptions): PhotoService {
  return new GoogleDrive(options);
}

/** A cursor of another set of folders, or of a later version of this code, means everything. */
const cursorOf = (roots: readonly string[], token: string): string => `1 ${rootsMark(roots)} ${token}`;

const rootsMark = (roots: readonly string[]): string =>
  createHash("sha256").update(roots.toSorted().join(" ")).digest("hex").slice(0, 16);

function tokenIn(cursor: string | undefined, roots: readonly string[]): string | null {
  const [form, mark, token] = cursor?.split(" ") ?? [];
  return form === "1" && mark === rootsMark(roots) && token ? token : null;
}

class GoogleDrive implements PhotoService {
  readonly name: string;
  readonly traits = DRIVE_TRAITS;
  readonly #client: DriveClient;
  readonly #folders: readonly string[];

  constructor({ access, drive, folders }: GoogleDriveOptions) {
    this.name = access.account;
    this.#client = new DriveClient(access, drive);
    this.#folders = folders;
  }

  async account(call: Call): Promise<AccountReport> {
    return {
      owner: await this.#client.owner(call),
      facts: [`${this.#folders.length} ${this.#folders.length === 1 ? "folder" : "folders"} chosen`],
    };
  }

  async *scan(request: ScanRequest, call: Call): AsyncGenerator<ScanPage> {
    if (this.#folders.length === 0) throw noFolders(this.name);
    const roots: string[] = [];
    for (const named of this.#folders) {
      try {
        roots.push(await folderId(this.name, named, this.#client, call));
      } catch (error) {
        // One folder that is gone does not keep the others from being read, but nothing counts as whole then.
        if (!(error instanceof PhotosyncError) || error.kind !== "user") throw error;
        yield { kind: "problem", subject: named, error };
      }
    }
    const isSound = roots.length === this.#folders.length;
    const { limit, since } = request;
    const token =
      isSound && limit === undefined && since === undefined ? tokenIn(request.cursor, roots) : null;
    if (token !== null) {
      const found = await scanChanges(this.name, token, roots, this.#client, call);
      if (found.kind === "changes") {
        if (found.seen.length > 0) yield { kind: "instances", seen: found.seen };
        yield { kind: "end", isWhole: false, gone: found.gone, cursor: cursorOf(roots, found.token) };
        return;
      }
      yield { kind: "note", message: `${this.name}: ${found.why}, so all folders are listed.` };
    }
    // Asked before the listing, so that what changes meanwhile comes with the next look.
    const cursor = cursorOf(roots, await this.#client.startPageToken(call));
    yield* scanFiles(this.#client, { account: this.name, roots, cursor, isSound }, request, call);
  }

  async read(id: string, call: Call): Promise<ServiceInstance | null> {
    const file = await this.#client.file(id, call);
    const kind = file === null ? null : mediaKindOf(file);
    return file === null || kind === null || file.isTrashed ? null : driveInstance(file, kind);
  }

  open(instance: ServiceInstance, call: Call): Promise<Download> {
    return openDriveBytes(instance, this.#client, this.name, call);
  }
}

const noFolders = (account: string): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: `${account}.no-folders`,
    message: `No folder of ${account} was chosen.`,
    next: [`Add "folders": ["/Photos"] to ${account} in config/services.json; "/" is all of My Drive.`],
  });
