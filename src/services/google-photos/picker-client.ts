import { PhotosyncError } from "../../domain/errors.js";
import { isJsonRecord, type JsonRecord, textAt } from "../../infra/json-value.js";
import type { Call } from "../../ports/call.js";
import {
  askGoogle,
  type GoogleAccess,
  type GoogleRequest,
  jsonReply,
  oddReply,
} from "../google-api/google-request.js";
import { type PickedMedia, readPickedMedia } from "./picked-media.js";

/** A time in which the owner may choose photos. */
export interface PickerSession {
  readonly id: string;
  /** The page to choose on; the owner opens it signed in to the same account. */
  readonly pickerUri: string;
  readonly isDone: boolean;
  /** How long to wait before asking again, and when to stop asking; milliseconds. */
  readonly pollMs: number;
  readonly timeoutMs: number;
}

const PAGE = 100;
const USUAL_POLL_MS = 5_000;
const USUAL_TIMEOUT_MS = 30 * 60_000;

/** A `google.protobuf.Duration` such as `3.5s`. */
function durationMs(text: string | undefined, usual: number): number {
  const seconds = /^(\d{1,9}(?:\.\d{1,9})?)s$/.exec(text ?? "")?.[1];
  return seconds === undefined ? usual : Number(seconds) * 1000;
}

/** The choice is over or was never made: the owner has to begin again. */
export const pickExpired = (account: string): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: `${account}.pick-expired`,
    message: "The time to choose and fetch photos in Google Photos is over.",
    next: ["Run the same command again and choose anew; what was fetched is kept."],
  });

/** The Picker API v1 (https://developers.google.com/photos/picker/reference/rest); replies are validated. */
export class PickerClient {
  readonly #access: GoogleAccess;
  readonly #base: string;

  /** `endpoint` without `/v1`. */
  constructor(access: GoogleAccess, endpoint: string) {
    this.#access = access;
    this.#base = `${endpoint.replace(/\/+$/, "")}/v1`;
  }

  async #ask(
    request: Omit<GoogleRequest, "url" | "lane"> & { readonly path: string },
    call: Call,
  ): Promise<JsonRecord> {
    const { path, ...rest } = request;
    const url = `${this.#base}/${path}`;
    const { account } = this.#access;
    try {
      return await askGoogle(
        this.#access,
        { ...rest, lane: "read", url },
        (response) => jsonReply(account, rest.label, response),
        call,
      );
    } catch (error) {
      const isGone = error instanceof PhotosyncError && error.code === `${account}.not-found`;
      throw isGone ? pickExpired(account) : error;
    }
  }

  #session(reply: JsonRecord, label: string): PickerSession {
    const id = textAt(reply, "id");
    const pickerUri = textAt(reply, "pickerUri");
    if (id === undefined || pickerUri === undefined || !URL.canParse(pickerUri)) {
      throw oddReply(this.#access.account, label, "a session");
    }
    const polling = isJsonRecord(reply["pollingConfig"]) ? reply["pollingConfig"] : {};
    return {
      id,
      pickerUri,
      isDone: reply["mediaItemsSet"] === true,
      pollMs: durationMs(textAt(polling, "pollInterval"), USUAL_POLL_MS),
      timeoutMs: durationMs(textAt(polling, "timeoutIn"), USUAL_TIMEOUT_MS),
    };
  }

  /** May be repeated: a session that nobody was told of ends by itself. */
  async begin(mostPhotos: number | undefined, call: Call): Promise<PickerSession> {
    const body =
      mostPhotos === undefined
        ? "{}"
        : JSON.stringify({ pickingConfig: { maxItemCount: String(mostPhotos) } });
    const label = "sessions.create";
    const request = { label, isRepeatable: true, method: "POST", body, path: "sessions" } as const;
    return this.#session(await this.#ask(request, call), label);
  }

  async poll(id: string, call: Call): Promise<PickerSession> {
    const label = "sessions.get";
    const path = `sessions/${encodeURIComponent(id)}`;
    return this.#session(await this.#ask({ label, isRepeatable: true, path }, call), label);
  }

  /** Ends a session, whether or not it still was one: Google bounds how many are open. */
  async end(id: string, call: Call): Promise<void> {
    const path = `sessions/${encodeURIComponent(id)}`;
    try {
      await this.#ask({ label: "sessions.delete", isRepeatable: true, method: "DELETE", path }, call);
    } catch (error) {
      if (!(error instanceof PhotosyncError) || error.code !== `${this.#access.account}.pick-expired`)
        throw error;
    }
  }

  async picked(
    sessionId: string,
    pageToken: string | undefined,
    call: Call,
  ): Promise<{
    readonly media: readonly PickedMedia[];
    readonly unreadable: number;
    readonly nextPageToken: string | undefined;
  }> {
    const query = new URLSearchParams({ sessionId, pageSize: String(PAGE), ...(pageToken && { pageToken }) });
    const request = { label: "picker mediaItems.list", isRepeatable: true, path: `mediaItems?${query}` };
    const reply = await this.#ask(request, call);
    const entries = Array.isArray(reply["mediaItems"]) ? reply["mediaItems"] : [];
    const media = entries.flatMap((entry) => readPickedMedia(entry) ?? []);
    return {
      media,
      unreadable: entries.length - media.length,
      nextPageToken: textAt(reply, "nextPageToken"),
    };
  }
}
