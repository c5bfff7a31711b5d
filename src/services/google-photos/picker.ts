import { unavailable } from "../../infra/http/failures.js";
import type { Call } from "../../ports/call.js";
import type {
  Download,
  PhotoService,
  ScanPage,
  ScanRequest,
  ServiceInstance,
} from "../../ports/photo-service.js";
import { type GoogleAccess, oddReply } from "../google-api/google-request.js";
import { pickerTraits } from "./capabilities.js";
import { openMediaBytes } from "./media-bytes.js";
import { type PickedMedia, pickedInstance } from "./picked-media.js";
import { PickerClient, type PickerSession, pickExpired } from "./picker-client.js";

export interface GooglePickerOptions {
  readonly access: GoogleAccess;
  /** The Picker API's address without `/v1`: `https://photospicker.googleapis.com`. */
  readonly picker: string;
  /** Shows the owner the page to choose on, as a link and perhaps a QR code. Called once for each scan. */
  show(pickerUri: string): void;
  /** Waits between two looks at whether the owner is done; an abort ends it with `cancelled`. */
  sleep(ms: number, call: Call): Promise<void>;
  /** 1 to 2,000; 2,000 unless given. */
  readonly mostPhotos?: number;
}

/** Photos that the owner picks in the browser. */
export interface PickedPhotos extends PhotoService {
  /** Ends the session; nothing can be opened afterwards. To be called always, also after a failure; twice does no harm. */
  close(call: Call): Promise<void>;
}

/**
 * The owner's choice of photos as a service: `scan` shows the page, waits for the choice and lists it; `open` fetches within the hour that
 * an address lives, and asks for a new one after it. Call `close` in the end. Throws `<account>.pick-expired` (user) where the owner does
 * not choose in time, or the session is over.
 */
export function openGooglePicker(options: GooglePickerOptions): PickedPhotos {
  return new GooglePicker(options);
}

const GOOGLES = /(?:^|\.)(?:googleusercontent|google|googleapis)\.com$/;

/** True for an address of Google's own, or of the endpoint that stands for it: no other is shown the account's token. */
function isGoogles(address: string, endpoint: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, origin } = new URL(address);
  return (protocol === "https:" && GOOGLES.test(hostname)) || origin === new URL(endpoint).origin;
}

class GooglePicker implements PickedPhotos {
  readonly name: string;
  readonly traits = pickerTraits;
  readonly #options: GooglePickerOptions;
  readonly #client: PickerClient;
  /** At most 2,000, as Google bounds a choice. */
  readonly #picked = new Map<string, PickedMedia>();
  #session: PickerSession | null = null;

  constructor(options: GooglePickerOptions) {
    this.name = options.access.account;
    this.#options = options;
    this.#client = new PickerClient(options.access, options.picker);
  }

  async account(): ReturnType<PhotoService["account"]> {
    return { owner: "the Google account that you choose photos from", facts: [] };
  }

  async *scan({ limit = Number.POSITIVE_INFINITY }: ScanRequest, call: Call): AsyncGenerator<ScanPage> {
    await this.close(call);
    const mostPhotos = Math.min(limit, this.#options.mostPhotos ?? Number.POSITIVE_INFINITY);
    const wanted = Number.isFinite(mostPhotos) ? mostPhotos : undefined;
    this.#session = await this.#client.begin(wanted, call);
    this.#options.show(this.#session.pickerUri);
    const { id } = await this.#chosen(this.#session, call);
    for await (const page of this.#pages(id, call)) {
      if (page.unreadable > 0) {
        const message = `${this.name} listed ${page.unreadable} photos without an id, a type or an address.`;
        yield { kind: "problem", subject: this.name, error: unavailable({ account: this.name, message }) };
      }
      if (page.fresh.length > 0) yield { kind: "instances", seen: page.fresh.map(pickedInstance) };
    }
    yield { kind: "end", isWhole: false, gone: [] };
  }

  async read(id: string): Promise<ServiceInstance | null> {
    const media = this.#picked.get(id);
    return media === undefined ? null : pickedInstance(media);
  }

  open(instance: ServiceInstance, call: Call): Promise<Download> {
    const { id, filename, mediaKind } = instance;
    const baseUrl = async (isFresh: boolean): Promise<string | null> => {
      if (isFresh) await this.#renew(call);
      return this.#picked.get(id)?.baseUrl ?? null;
    };
    const { access, picker } = this.#options;
    const isSigned = (address: string) => isGoogles(address, picker);
    const media = { filename, isVideo: mediaKind === "video", baseUrl, isSigned };
    return openMediaBytes(access, media, call);
  }

  async close(call: Call): Promise<void> {
    const session = this.#session;
    this.#session = null;
    this.#picked.clear();
    if (session !== null) await this.#client.end(session.id, call);
  }

  async #chosen(begun: PickerSession, call: Call): Promise<PickerSession> {
    let session = begun;
    let waitedMs = 0;
    while (!session.isDone) {
      if (waitedMs >= begun.timeoutMs || session.timeoutMs === 0) throw pickExpired(this.name);
      await this.#options.sleep(session.pollMs, call);
      waitedMs += session.pollMs;
      session = await this.#client.poll(session.id, call);
    }
    return session;
  }

  /** There is no way to ask for one photo: new addresses come with the whole list. */
  async #renew(call: Call): Promise<void> {
    if (this.#session === null) throw pickExpired(this.name);
    for await (const _ of this.#pages(this.#session.id, call));
  }

  async *#pages(
    sessionId: string,
    call: Call,
  ): AsyncGenerator<{ readonly fresh: readonly PickedMedia[]; readonly unreadable: number }> {
    let pageToken: string | undefined;
    do {
      const page = await this.#client.picked(sessionId, pageToken, call);
      const fresh = page.media.filter(({ id }) => !this.#picked.has(id));
      for (const media of page.media) this.#picked.set(media.id, media);
      yield { fresh, unreadable: page.unreadable };
      if (page.nextPageToken !== undefined && page.nextPageToken === pageToken) {
        throw oddReply(this.name, "picker mediaItems.list", "an end");
      }
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined);
  }
}
