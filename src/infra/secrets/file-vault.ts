import { lstat, open, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { PhotosyncError } from "../../domain/errors.js";
import { errnoOf, fileError, makeFolderDurably, syncFolder, writeFileDurably } from "../durable-file.js";
import type { Environment } from "./environment-secrets.js";
import type { Vault } from "./vault.js";

const OWNER_ONLY = 0o600;
/** Rights of the group and of everybody else. */
const OTHERS = 0o077;
/** Far more than any credentials take. */
const LARGEST_BYTES = 64 * 1024;

/** The user's folder for photosync's settings, by the platform's custom (XDG Base Directory Specification; `%APPDATA%`). */
export function userConfigFolder(env: Environment, platform: NodeJS.Platform = process.platform): string {
  if (platform === "win32") return join(env["APPDATA"] || join(homedir(), "AppData", "Roaming"), "photosync");
  const xdg = env["XDG_CONFIG_HOME"];
  // A relative path there is to be ignored, says the specification.
  if (xdg?.startsWith("/")) return join(xdg, "photosync");
  return join(env["HOME"] || homedir(), ".config", "photosync");
}

/**
 * Keeps each account in a file that only the owner can read, whole at every instant. Refuses (`secrets.file-exposed`, user) a file that
 * others can read or that is no plain file of the owner. On Windows the user's profile folder protects it.
 */
export class FileVault implements Vault {
  readonly origin = "file";
  readonly #folder: string;

  /** `folder`: made when something is first kept. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async read(account: string): Promise<string | null> {
    const path = this.#path(account);
    try {
      if (!(await this.#isThere(path))) return null;
      // The file that was looked at could be exchanged for another before it is opened: what is opened is looked at again.
      const handle = await open(path, "r");
      try {
        const { mode, uid, size } = await handle.stat();
        refuseExposed(path, mode, uid);
        if (size > LARGEST_BYTES) throw exposed(path, "it is far too large");
        return await handle.readFile("utf8");
      } finally {
        await handle.close();
      }
    } catch (error) {
      throw fileError(error, path, "read");
    }
  }

  async write(account: string, text: string): Promise<void> {
    const path = this.#path(account);
    try {
      await makeFolderDurably(this.#folder);
    } catch (error) {
      throw fileError(error, this.#folder, "create");
    }
    await writeFileDurably(path, new TextEncoder().encode(text), { mode: OWNER_ONLY });
  }

  async remove(account: string): Promise<boolean> {
    const path = this.#path(account);
    try {
      if ((await lstat(path).catch(absent)) === null) return false;
      await rm(path);
      await syncFolder(this.#folder);
      return true;
    } catch (error) {
      throw fileError(error, path, "remove");
    }
  }

  async #isThere(path: string): Promise<boolean> {
    const found = await lstat(path).catch(absent);
    if (found === null) return false;
    if (!found.isFile()) throw exposed(path, "it is no plain file");
    return true;
  }

  #path(account: string): string {
    return join(this.#folder, `${account}.json`);
  }
}

function absent(error: unknown): null {
  if (errnoOf(error) === "ENOENT") return null;
  throw error;
}

function refuseExposed(path: string, mode: number, uid: number): void {
  if (process.platform === "win32") return;
  if ((mode & OTHERS) !== 0) throw exposed(path, "other users of this computer can read it");
  if (uid !== process.getuid?.()) throw exposed(path, "it belongs to another user");
}

const exposed = (path: string, why: string): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: "secrets.file-exposed",
    message: `${path} is not used, because ${why}.`,
    next: [
      `If it is yours and nobody has looked at it: chmod 600 ${path}`,
      "Otherwise delete it, sign in again with photosync connect, and revoke the old sign-in at the service.",
    ],
  });
