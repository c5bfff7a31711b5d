import type { Readable } from "node:stream";

/** The text in UTF-8 of an answer whose size the server bounds, as it does that of a page. */
export async function textOf(body: Readable): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) if (chunk instanceof Uint8Array) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
