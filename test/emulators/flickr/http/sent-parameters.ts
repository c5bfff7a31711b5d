import type { FileStore, ReceivedFile } from "./file-store.js";
import { boundaryOf, readMultipart } from "./multipart.js";
import type { Parameters } from "./signature.js";
import type { WireRequest } from "./wire.js";

/** What a request carries. */
export interface Sent {
  /** Query, body and `Authorization: OAuth` together, as they are signed; never the file. */
  readonly parameters: Parameters;
  /** The part `photo`. */
  readonly file: { readonly filename: string; readonly received: ReceivedFile } | null;
  /** False where the body ended too early. */
  readonly isWhole: boolean;
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text.replace(/\+/g, " "));
  } catch {
    return text;
  }
};

/** A query or form-urlencoded body. */
export const formParameters = (text: string): Parameters =>
  text
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const at = pair.indexOf("=");
      return at < 0 ? [decoded(pair), ""] : [decoded(pair.slice(0, at)), decoded(pair.slice(at + 1))];
    });

/** `Authorization: OAuth a="b", …`; the realm is no parameter. */
function headerParameters(header: string | undefined): Parameters {
  if (header === undefined || !/^oauth\s/i.test(header)) return [];
  return [...header.matchAll(/([\w.%-]+)="([^"]*)"/g)]
    .map(([, name = "", value = ""]): [string, string] => [decoded(name), decoded(value)])
    .filter(([name]) => name !== "realm");
}

async function wholeText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** Reads a request to its end. */
export async function readSent(request: WireRequest, files: FileStore): Promise<Sent> {
  const parameters: [string, string][] = [
    ...formParameters(request.query),
    ...headerParameters(request.headers["authorization"]),
  ].map(([name, value]) => [name, value]);
  const boundary = boundaryOf(request.headers["content-type"] ?? "");
  if (boundary === null) {
    const text = await wholeText(request.body);
    const isForm = /^application\/x-www-form-urlencoded/i.test(request.headers["content-type"] ?? "");
    const body = isForm ? formParameters(text) : [];
    return { parameters: [...parameters, ...body], file: null, isWhole: true };
  }
  let file: Sent["file"] = null;
  const isWhole = await readMultipart(request.body, boundary, {
    text: (name, value) => parameters.push([name, value]),
    file: (name, filename) =>
      files.receive((received) => {
        if (name === "photo") file = { filename, received };
      }),
  });
  return { parameters, file, isWhole };
}
