import { PhotosyncError } from "../../domain/errors.js";
import { timestamp } from "../../infra/http/time.js";
import type { Call } from "../../ports/call.js";
import type { Upload } from "../../ports/photo-service.js";
import { askGoogle, type GoogleAccess, oddReply } from "../google-api/google-request.js";
import { bytesFrom } from "./skip-bytes.js";
import type { UploadNotes } from "./upload-notes.js";

/** Google asks that larger files go in a way that can be resumed (https://developers.google.com/photos/library/guides/resumable-uploads). */
export const RESUMABLE_FROM_BYTES = 50_000_000;
/** So many breaks without a byte more in between, and the service is down. */
const MOST_BREAKS = 4;
const TOKEN_LIFE_MS = 23 * 3_600_000;

export type BytesToSend = Pick<Upload, "mimeType" | "sizeBytes" | "open"> & {
  readonly hash: Upload["mark"]["hash"];
};

interface Standing {
  readonly status: string;
  readonly received: number;
}

/**
 * Brings originals' bytes to Google, which gives a token for each (https://developers.google.com/photos/library/guides/upload-media). Bytes
 * without `batchCreate` are no photo and vanish after a day, so all of this may be repeated.
 */
export class ByteUploads {
  readonly #access: GoogleAccess;
  readonly #notes: UploadNotes;
  readonly #endpoint: string;
  readonly #resumableFrom: number;

  constructor(
    access: GoogleAccess,
    endpoint: string,
    notes: UploadNotes,
    resumableFrom = RESUMABLE_FROM_BYTES,
  ) {
    this.#access = access;
    this.#notes = notes;
    this.#endpoint = `${endpoint.replace(/\/+$/, "")}/v1/uploads`;
    this.#resumableFrom = resumableFrom;
  }

  /** A token that an earlier run got for these bytes and that should still be good; null where there is none. */
  async notedToken({ hash }: Pick<BytesToSend, "hash">): Promise<string | null> {
    const note = await this.#notes.read(hash);
    const isFresh = note !== null && this.#access.time.nowMs() - Date.parse(note.at) < TOKEN_LIFE_MS;
    return note?.kind === "sent" && isFresh ? note.token : null;
  }

  forget({ hash }: Pick<BytesToSend, "hash">): Promise<void> {
    return this.#notes.forget(hash);
  }

  /** Whether these bytes go in one request. */
  isSmall({ sizeBytes }: Pick<BytesToSend, "sizeBytes">): boolean {
    return sizeBytes < this.#resumableFrom;
  }

  /** Sends the bytes and gives the upload token, which is noted. Throws what requests throw. */
  async send(bytes: BytesToSend, call: Call): Promise<string> {
    const token = await (this.isSmall(bytes) ? this.#raw(bytes, call) : this.#resumable(bytes, call));
    const at = timestamp(this.#access.time.nowMs());
    await this.#notes.write(bytes.hash, { kind: "sent", token, at });
    return token;
  }

  async #token(response: Response, label: string): Promise<string> {
    const token = (await response.text()).trim();
    // A page of the network in between is no token.
    if (!/^[\x21-\x7e]{8,4096}$/.test(token) || token.startsWith("<"))
      throw oddReply(this.#access.account, label, "a token");
    return token;
  }

  #raw({ mimeType, sizeBytes, open }: BytesToSend, call: Call): Promise<string> {
    const label = "uploads.raw";
    const headers = {
      "Content-Type": "application/octet-stream",
      "X-Goog-Upload-Content-Type": mimeType,
      "X-Goog-Upload-Protocol": "raw",
    };
    const request = {
      label,
      lane: "bytes",
      isRepeatable: true,
      method: "POST",
      url: this.#endpoint,
      headers,
    } as const;
    return askGoogle(
      this.#access,
      { ...request, body: { sizeBytes, open } },
      (response) => this.#token(response, label),
      call,
    );
  }

  async #begin({ hash, mimeType, sizeBytes }: BytesToSend, call: Call): Promise<string> {
    const label = "uploads.start";
    const headers = {
      "Content-Length": "0",
      "X-Goog-Upload-Command": "start",
      "X-Goog-Upload-Content-Type": mimeType,
      "X-Goog-Upload-Protocol": "resumable",
      "X-Goog-Upload-Raw-Size": String(sizeBytes),
    };
    const request = {
      label,
      lane: "bytes",
      isRepeatable: true,
      method: "POST",
      url: this.#endpoint,
      headers,
    } as const;
    const url = await askGoogle(
      this.#access,
      request,
      async (response) => {
        await response.body?.cancel();
        return response.headers.get("x-goog-upload-url");
      },
      call,
    );
    if (url === null || !this.#isOwn(url))
      throw oddReply(this.#access.account, label, "an address of its own");
    await this.#notes.write(hash, { kind: "begun", url, at: timestamp(this.#access.time.nowMs()) });
    return url;
  }

  /** Bytes and the token go only where the account's own endpoint is: another host is no place for either. */
  #isOwn(url: string): boolean {
    return URL.canParse(url) && new URL(url).origin === new URL(this.#endpoint).origin;
  }

  /** How far an upload got; null where Google knows nothing of it any more. */
  #ask(url: string, call: Call): Promise<Standing | null> {
    const headers = { "Content-Length": "0", "X-Goog-Upload-Command": "query" };
    const request = {
      label: "uploads.query",
      lane: "bytes",
      isRepeatable: true,
      method: "POST",
      url,
      headers,
    } as const;
    return askGoogle(
      this.#access,
      { ...request, understood: [400, 404, 410] },
      async (response) => {
        await response.body?.cancel();
        if (!response.ok) return null;
        const received = Number(response.headers.get("x-goog-upload-size-received") ?? "0");
        const status = response.headers.get("x-goog-upload-status") ?? "";
        return { status, received: Number.isSafeInteger(received) && received >= 0 ? received : 0 };
      },
      call,
    );
  }

  #rest(url: string, bytes: BytesToSend, offset: number, call: Call): Promise<string> {
    const label = "uploads.finish";
    const headers = {
      "Content-Type": "application/octet-stream",
      "X-Goog-Upload-Command": "upload, finalize",
      "X-Goog-Upload-Offset": String(offset),
    };
    const body = { sizeBytes: bytes.sizeBytes - offset, open: () => bytesFrom(bytes.open(), offset) };
    const request = {
      label,
      lane: "bytes",
      isRepeatable: false,
      method: "POST",
      url,
      headers,
      body,
    } as const;
    return askGoogle(this.#access, request, (response) => this.#token(response, label), call);
  }

  async #resumable(bytes: BytesToSend, call: Call): Promise<string> {
    const note = await this.#notes.read(bytes.hash);
    const begun = note?.kind === "begun" && this.#isOwn(note.url) ? note.url : null;
    let url = begun ?? (await this.#begin(bytes, call));
    let offset = begun === null ? 0 : null;
    let reached = 0;
    for (let breaks = 0; ; ) {
      if (offset === null) {
        const standing = await this.#ask(url, call);
        // An upload that is complete without our having its token is of no use: the token cannot be asked for again.
        const isOpen = standing?.status === "active" && standing.received <= bytes.sizeBytes;
        if (!isOpen) url = await this.#begin(bytes, call);
        offset = isOpen ? standing.received : 0;
        if (offset > reached) breaks = 0;
        reached = offset;
      }
      try {
        return await this.#rest(url, bytes, offset, call);
      } catch (error) {
        breaks += 1;
        const mayGoOn =
          error instanceof PhotosyncError &&
          error.kind === "transient" &&
          error.data["retryAt"] === undefined;
        if (!mayGoOn || breaks > MOST_BREAKS) throw error;
        offset = null;
      }
    }
  }
}
