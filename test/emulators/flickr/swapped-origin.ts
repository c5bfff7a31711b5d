import { FetchTransport } from "flickr-sdk";
import type { FlickrEndpoints } from "./start.js";

/**
 * The transport by which flickr-sdk reaches the emulator: addresses are constants in the SDK, and signatures are made for them,
 * so only the origin of what is sent is swapped.
 */
export class SwappedOrigin extends FetchTransport {
  readonly #origin: string;

  constructor(endpoints: FlickrEndpoints, init: RequestInit = {}) {
    super(init);
    this.#origin = new URL(endpoints.rest).origin;
  }

  override fetch(url: string, init: RequestInit): Promise<Response> {
    return super.fetch(url.replace(/^https:\/\/[a-z]+\.flickr\.com/, this.#origin), init);
  }
}
