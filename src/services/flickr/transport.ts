import type { GET, POST, Transport } from "flickr-sdk";
import { PhotosyncError } from "../../domain/errors.js";
import { isJsonRecord, type JsonRecord, parseJsonBytes } from "../../infra/json-value.js";
import { FLICKR, type FlickrEndpoints } from "./auth-endpoints.js";
import { oauthProblem } from "./auth-problem.js";
import { type Asked, failed, noAnswer, statusFailed } from "./failures.js";

export interface TransportOptions {
  readonly asked: Asked;
  readonly endpoints: Pick<FlickrEndpoints, "rest" | "upload">;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
}

/**
 * Carries one call of flickr-sdk. Sends to the endpoints instead of the addresses that were signed for, and looks at the answer
 * before the SDK does, which would lose the codes of refused uploads and trip over pages of HTML. Throws photosync's errors;
 * what it returns is an answer with `stat="ok"`.
 */
export class FlickrTransport implements Transport {
  readonly #options: TransportOptions;
  /** What was answered in JSON; null before that, and where XML came. */
  answer: JsonRecord | null = null;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  get(url: string, params: GET): Promise<Response> {
    const address = new URL(this.#turned(url));
    for (const [name, value] of params.entries()) address.searchParams.set(name, value);
    return this.#send(address.href, { method: "GET" });
  }

  post(url: string, params: POST): Promise<Response> {
    return this.#send(this.#turned(url), { method: "POST", body: params.getFormData() });
  }

  #turned(url: string): string {
    for (const name of ["rest", "upload"] as const) {
      if (url === FLICKR[name]) return this.#options.endpoints[name].replace(/\/+$/, "");
    }
    throw new PhotosyncError({
      kind: "bug",
      code: "bug.flickr-address",
      message: "flickr-sdk asked for an address that photosync does not know.",
    });
  }

  async #send(address: string, init: RequestInit): Promise<Response> {
    const { asked, signal, nowMs } = this.#options;
    const response = await this.#options.fetch(address, { ...init, signal, redirect: "error" });
    const text = await response.text();
    if (!response.ok) throw statusFailed(asked, response, text, nowMs());
    const oauth = oauthProblem(text, asked.account);
    if (oauth !== null) throw oauth;
    if (text.trimStart().startsWith("<")) checkXml(asked, text);
    else this.answer = checkedJson(asked, text);
    return new Response(text);
  }
}

function checkedJson(asked: Asked, text: string): JsonRecord {
  const answer = parseJsonBytes(new TextEncoder().encode(text))?.value;
  if (!isJsonRecord(answer) || typeof answer["stat"] !== "string") throw noAnswer(asked);
  if (answer["stat"] === "ok") return answer;
  throw failed(asked, Number(answer["code"]), textOf(answer, "message"));
}

const textOf = (record: JsonRecord, key: string): string => {
  const value = record[key];
  return typeof value === "string" ? value : "";
};

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** The value of an attribute, or of a child element, in Flickr's small answers to uploads. */
function valueIn(xml: string, name: string): string | null {
  const found =
    new RegExp(`\\b${name}="([^"<>]{0,500})"`).exec(xml) ??
    new RegExp(`<${name}>([^<>]{0,500})</${name}>`).exec(xml);
  return (
    found?.[1]?.replace(/&(amp|lt|gt|quot|apos);/g, (_, entity: string) => ENTITIES[entity] ?? "") ?? null
  );
}

/** Uploads answer in XML, whatever was asked for. What else looks like it is a page of somebody's. */
function checkXml(asked: Asked, xml: string): void {
  const stat = /<rsp\b[^>]*\bstat="(ok|fail)"/.exec(xml)?.[1];
  if (stat === undefined || !/<\/rsp>\s*$/.test(xml)) throw noAnswer(asked);
  if (stat === "ok") return;
  const error = failed(asked, Number(valueIn(xml, "code") ?? Number.NaN), valueIn(xml, "msg") ?? "");
  const duplicate = valueIn(xml, "duplicate_photo_id");
  const waitSeconds = Number(valueIn(xml, "non_pro_desktop_upload_wait_time") ?? Number.NaN);
  throw new PhotosyncError({
    ...{ kind: error.kind, code: error.code, message: error.message, next: error.next },
    data: {
      ...error.data,
      said: valueIn(xml, "msg") ?? "",
      ...(duplicate !== null && /^\d+$/.test(duplicate) ? { duplicateId: duplicate } : {}),
      ...(valueIn(xml, "duplicate_photo_status") === "DELETED" ? { isDeleted: true } : {}),
      ...(Number.isFinite(waitSeconds) ? { waitSeconds } : {}),
    },
  });
}
