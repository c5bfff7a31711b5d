import { FlickrService, OAuthAuth, UploadService } from "flickr-sdk";
import { PhotosyncError } from "../../domain/errors.js";
import type { JsonRecord } from "../../infra/json-value.js";
import type { Call } from "../../ports/call.js";
import type { Policy } from "../../ports/policy.js";
import type { FlickrEndpoints } from "./auth-endpoints.js";
import { noAnswer } from "./failures.js";
import { SentFile } from "./sent-file.js";
import { FlickrTransport } from "./transport.js";

/** An application's key and what a person's sign-in gave for it. */
export interface FlickrSignIn {
  readonly key: string;
  readonly secret: string;
  readonly token: string;
  readonly tokenSecret: string;
}

export interface FlickrClientOptions {
  /** The account's name in `config/services.json`. */
  readonly account: string;
  /** Asked when the first request is due; throws `<account>.sign-in-needed`. */
  readonly signIn: () => Promise<FlickrSignIn>;
  readonly endpoints: Pick<FlickrEndpoints, "rest" | "upload">;
  readonly fetch: typeof fetch;
  readonly policy: Policy;
  readonly nowMs: () => number;
}

type Params = Readonly<Record<string, string | undefined>>;

/** A file on its way up. */
export interface SentUpload {
  readonly name: string;
  readonly mimeType: string;
  readonly sizeBytes: number;
  open(): AsyncIterable<Uint8Array>;
}

/**
 * Flickr's API through flickr-sdk: signed anew for each attempt, under the account's policy, with answers that are JSON objects
 * and errors that are photosync's. Methods are named without `flickr.`.
 */
export class FlickrClient {
  readonly #options: FlickrClientOptions;
  #signedIn: Promise<FlickrSignIn> | null = null;

  constructor(options: FlickrClientOptions) {
    this.#options = options;
  }

  get account(): string {
    return this.#options.account;
  }

  nowMs(): number {
    return this.#options.nowMs();
  }

  /** A method that changes nothing. */
  ask(method: string, params: Params, call: Call): Promise<JsonRecord> {
    const attempted = { label: method, lane: "read", isRepeatable: true } as const;
    return this.#options.policy.run(attempted, (attempt) => this.#call(method, params, attempt), call);
  }

  /** A method that changes something. `isRepeatable` where sending it twice comes to the same as once. */
  tell(method: string, params: Params, isRepeatable: boolean, call: Call): Promise<JsonRecord> {
    const attempted = { label: method, lane: "write", isRepeatable } as const;
    return this.#options.policy.run(attempted, (attempt) => this.#call(method, params, attempt), call);
  }

  /** Sends a file and gives back its photo's id. Never repeated, unless nothing can have come of it. */
  upload(file: SentUpload, params: Params, call: Call): Promise<string> {
    const attempted = { label: "upload", lane: "bytes", isRepeatable: false } as const;
    return this.#options.policy.run(attempted, (attempt) => this.#send(file, params, attempt), call);
  }

  /** Fetches bytes that need no signature; `task` judges the answer. */
  fetchBytes<T>(
    label: string,
    task: (fetch: typeof globalThis.fetch, call: Call, attempt: number) => Promise<T>,
    call: Call,
  ): Promise<T> {
    const attempted = { label, lane: "bytes", isRepeatable: true } as const;
    return this.#options.policy.run(
      attempted,
      (attemptCall, attempt) => task(this.#options.fetch, attemptCall, attempt),
      call,
    );
  }

  async #auth(): Promise<OAuthAuth> {
    this.#signedIn ??= this.#options.signIn();
    try {
      const { key, secret, token, tokenSecret } = await this.#signedIn;
      return new OAuthAuth(key, secret, token, tokenSecret);
    } catch (error) {
      this.#signedIn = null;
      throw error;
    }
  }

  async #wire(label: string, { signal }: Call) {
    const { account, endpoints, fetch, nowMs } = this.#options;
    const transport = new FlickrTransport({ asked: { account, label }, endpoints, fetch, signal, nowMs });
    return { auth: await this.#auth(), transport };
  }

  async #call(method: string, params: Params, call: Call): Promise<JsonRecord> {
    const { auth, transport } = await this.#wire(method, call);
    const service = new FlickrService(transport, auth);
    await service.call(`flickr.${method}`, withoutAbsent(params));
    // The SDK types what it gives back as anything; the transport has looked at the very same answer.
    if (transport.answer === null) throw noAnswer({ account: this.account, label: method });
    return transport.answer;
  }

  async #send(file: SentUpload, params: Params, call: Call): Promise<string> {
    const { auth, transport } = await this.#wire("upload", call);
    const service = new UploadService(transport, auth);
    const sent = new SentFile(file.name, file.mimeType, file.sizeBytes, () => file.open());
    try {
      const { id } = await service.upload(sent, withoutAbsent(params));
      if (typeof id === "string" && /^\d{1,20}$/.test(id)) return id;
    } catch (error) {
      if (sent.failure !== null) throw sent.failure;
      if (error instanceof PhotosyncError) throw error;
      if (!(error instanceof Error)) throw error;
    }
    throw noAnswer({ account: this.account, label: "upload" });
  }
}

/** The SDK would send what is undefined as the text "undefined". */
function withoutAbsent(params: Params): Record<string, string> {
  const present: Record<string, string> = {};
  for (const [name, value] of Object.entries(params)) if (value !== undefined) present[name] = value;
  return present;
}
