import type { IncomingMessage } from "node:http";
import { unescaped } from "./xml-text.js";

/** The longest body of a refusal that is read. */
const MOST_BYTES = 64 * 1024;

/** What a server said instead of doing what it was asked, in the shape of the SDK's own exceptions: both are read by `answerOf`. */
export class S3Refusal extends Error {
  readonly Code: string;
  readonly $metadata: { readonly httpStatusCode: number };
  readonly $response: { readonly headers: Readonly<Record<string, unknown>> };

  constructor(code: string, said: string, status: number, headers: Readonly<Record<string, unknown>>) {
    super(said);
    this.name = code;
    this.Code = code;
    this.$metadata = { httpStatusCode: status };
    this.$response = { headers };
  }
}

const textOf = (xml: string, element: string): string | null => {
  const found = new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1];
  return found === undefined ? null : unescaped(found).trim();
};

/**
 * Reads what a server said with a status of 300 or more. The status stands for the code where there is no body, as after HEAD; only of HEAD it
 * is known that 404 means the object (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html).
 */
export async function refusalOf(response: IncomingMessage, method: string): Promise<S3Refusal> {
  const { statusCode: status = 0, headers } = response;
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of response) {
    if (!Buffer.isBuffer(chunk)) continue;
    chunks.push(chunk);
    sizeBytes += chunk.length;
    if (sizeBytes > MOST_BYTES) break;
  }
  const xml = Buffer.concat(chunks).toString("utf8");
  const wordless = method === "HEAD" && status === 404 ? "NotFound" : String(status);
  return new S3Refusal(textOf(xml, "Code") ?? wordless, textOf(xml, "Message") ?? "", status, headers);
}
