import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hexOf } from "../../domain/ids.js";
import type { QuestionPicture } from "../../domain/settling/decision.js";
import type { Call } from "../../ports/call.js";
import type { PictureBytes } from "../../ports/picture-bytes.js";

/** What opening a picture in the system's viewer takes. */
export interface ViewerSettings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly bytes: PictureBytes;
  /** Where copies for the viewer are put, usually the system's temporary folder. */
  readonly temporaryFolder: string;
  /** Starts a program and does not wait for its end; false where that fails. */
  readonly start: (command: readonly [string, ...string[]]) => Promise<boolean>;
}

/** The program that shows a file as its owner is used to, and its arguments; null where there is no screen to show it on. */
export function viewerProgram(
  path: string,
  { env, platform }: Pick<ViewerSettings, "env" | "platform">,
): readonly [string, ...string[]] | null {
  if (platform === "darwin") return ["open", path];
  // `start` belongs to the command interpreter, which would read a name's `&` as a command's end.
  if (platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler", path];
  return env["DISPLAY"] || env["WAYLAND_DISPLAY"] ? ["xdg-open", path] : null;
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/webp": "webp",
  "image/gif": "gif",
  "image/tiff": "tif",
  "image/heic": "heic",
  "image/heif": "heif",
  "image/avif": "avif",
  "video/mp4": "mp4",
  "video/quicktime": "mov",
};

/** A name that every file system takes and no program takes for anything but a name, with the extension of the content. */
function fileName({ filename, mime_type }: QuestionPicture): string {
  const dot = filename.lastIndexOf(".");
  const stem = (dot > 0 ? filename.slice(0, dot) : filename)
    .replace(/[^\p{L}\p{N} _().-]/gu, "_")
    .slice(0, 80);
  const own = dot > 0 ? filename.slice(dot + 1) : "";
  const extension = EXTENSIONS[mime_type] ?? (/^[A-Za-z0-9]{1,8}$/.test(own) ? own : "bin");
  return `${stem.replace(/^[.-]+/, "") || "picture"}.${extension}`;
}

/**
 * Shows originals in the system's viewer. What it is given is a copy under the picture's own name, so that nothing a viewer does
 * reaches the library; the copies are read-only, each made once, and go when it is closed.
 */
export class Viewer {
  readonly #settings: ViewerSettings;
  readonly #copies = new Map<string, Promise<string | null>>();
  #folder: Promise<string> | null = null;

  constructor(settings: ViewerSettings) {
    this.#settings = settings;
  }

  /** Opens a picture and does not wait for it. Gives why that is not possible, for people, else null. Throws only `cancelled`. */
  async open(picture: QuestionPicture, call: Call): Promise<string | null> {
    const { start } = this.#settings;
    if (viewerProgram("", this.#settings) === null) return "There is no screen here to open it on.";
    const path = await this.#copyOf(picture, call);
    if (path === null) return "Its bytes are not on this machine.";
    const command = viewerProgram(path, this.#settings);
    const isStarted = command !== null && (await start(command));
    return isStarted ? null : `There is no program here that opens pictures (${command?.[0]}).`;
  }

  /** Removes the copies; a viewer that has loaded its picture goes on showing it. Never rejects. */
  async close(): Promise<void> {
    const folder = await this.#folder?.catch(() => null);
    // Where a viewer holds a copy open (Windows), it stays for the system to clear away.
    if (folder) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }

  #copyOf(picture: QuestionPicture, call: Call): Promise<string | null> {
    const known = this.#copies.get(picture.hash);
    if (known !== undefined) return known;
    const copy = this.#copied(picture, call);
    this.#copies.set(picture.hash, copy);
    const forget = () => this.#copies.delete(picture.hash);
    copy.then((path) => path ?? forget(), forget);
    return copy;
  }

  async #copied(picture: QuestionPicture, call: Call): Promise<string | null> {
    const bytes = await this.#settings.bytes.read(picture.photo_id, picture.hash, call);
    if (bytes === null) return null;
    this.#folder ??= mkdtemp(join(this.#settings.temporaryFolder, "photosync-pictures-"));
    const folder = join(await this.#folder, hexOf(picture.hash).slice(0, 12));
    await mkdir(folder, { recursive: true });
    const path = join(folder, fileName(picture));
    await writeFile(path, bytes, { mode: 0o400 });
    return path;
  }
}
