/** Takes the bytes of one file part. */
export interface FilePart {
  write(chunk: Uint8Array): void | Promise<void>;
  end(): Promise<void>;
  /** The rest will never come. */
  abandon(): Promise<void>;
}

/** What a multipart body's reader does with its parts. */
export interface PartHandler {
  text(name: string, value: string): void;
  file(name: string, filename: string): FilePart;
}

interface PartHead {
  readonly name: string;
  readonly filename: string | null;
}

const unescaped = (text: string): string => text.replace(/%22/g, '"').replace(/%0D%0A/g, "\r\n");

function headOf(text: string): PartHead {
  const disposition = /^content-disposition:(.*)$/im.exec(text)?.[1] ?? "";
  const quoted = (key: string) =>
    new RegExp(`[; ]${key}="((?:[^"\\\\]|\\\\.)*)"`, "i").exec(disposition)?.[1];
  const filename = quoted("filename");
  return {
    name: unescaped(quoted("name") ?? ""),
    filename: filename === undefined ? null : unescaped(filename),
  };
}

/** The boundary that the content type names; null where the body is no multipart form. */
export const boundaryOf = (contentType: string): string | null =>
  /^multipart\/form-data\s*;.*?boundary="?([^";]+)"?/i.exec(contentType)?.[1] ?? null;

/**
 * Reads a multipart/form-data body (RFC 7578) as it comes; files are passed on in pieces and never held as a whole. False where
 * the body ends before its last boundary. Throws what the body throws.
 */
export async function readMultipart(
  body: AsyncIterable<Uint8Array>,
  boundary: string,
  parts: PartHandler,
): Promise<boolean> {
  const reading = new MultipartReading(boundary, parts);
  try {
    // The rest after the last boundary is read all the same: leaving a body unread breaks its connection.
    for await (const chunk of body) if (!reading.isWhole) await reading.take(chunk);
    return reading.isWhole;
  } finally {
    await reading.abandon();
  }
}

class MultipartReading {
  isWhole = false;
  readonly #delimiter: Buffer;
  readonly #parts: PartHandler;
  #buffer = Buffer.from("\r\n");
  #name = "";
  #file: FilePart | null = null;
  #text: Buffer[] | null = null;

  constructor(boundary: string, parts: PartHandler) {
    this.#delimiter = Buffer.from(`\r\n--${boundary}`);
    this.#parts = parts;
  }

  async take(chunk: Uint8Array): Promise<void> {
    this.#buffer = this.#buffer.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#buffer, chunk]);
    while (!this.isWhole && (await this.#step())) {}
  }

  /** Takes one boundary out of the buffer, or all that cannot be part of one; false when more bytes are wanted. */
  async #step(): Promise<boolean> {
    const at = this.#buffer.indexOf(this.#delimiter);
    if (at < 0) {
      const safe = Math.max(0, this.#buffer.length - this.#delimiter.length + 1);
      await this.#content(this.#buffer.subarray(0, safe));
      this.#buffer = this.#buffer.subarray(safe);
      return false;
    }
    const after = this.#buffer.subarray(at + this.#delimiter.length);
    const isLast = after.subarray(0, 2).toString("latin1") === "--";
    const headEnd = isLast ? 0 : after.indexOf("\r\n\r\n");
    if (after.length < 2 || headEnd < 0) return false;
    await this.#content(this.#buffer.subarray(0, at));
    await this.#close();
    this.isWhole = isLast;
    if (!isLast) this.#open(headOf(after.subarray(2, headEnd).toString("utf8")));
    this.#buffer = after.subarray(headEnd + 4);
    return true;
  }

  #open({ name, filename }: PartHead): void {
    this.#name = name;
    if (filename === null) this.#text = [];
    else this.#file = this.#parts.file(name, filename);
  }

  async #content(bytes: Buffer): Promise<void> {
    if (this.#file !== null) await this.#file.write(bytes);
    else this.#text?.push(Buffer.from(bytes));
  }

  async #close(): Promise<void> {
    if (this.#file !== null) await this.#file.end();
    else if (this.#text !== null) this.#parts.text(this.#name, Buffer.concat(this.#text).toString("utf8"));
    this.#file = null;
    this.#text = null;
  }

  /** Lets go of a file that was not read to its end. */
  async abandon(): Promise<void> {
    await this.#file?.abandon();
    this.#file = null;
  }
}
