/** Takes the bytes of one file part. */
export interface FilePart {
  write(chunk: Uint8Array): void | Promise<void>;
  end(): Promise<void>;
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
 * the body ends before its last boundary.
 */
export async function readMultipart(
  body: AsyncIterable<Uint8Array>,
  boundary: string,
  parts: PartHandler,
): Promise<boolean> {
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  let buffer: Buffer = Buffer.from("\r\n");
  let open: { readonly head: PartHead; readonly file: FilePart | null; text: Buffer[] } | null = null;

  const take = async (chunk: Uint8Array) => {
    if (open?.file) await open.file.write(chunk);
    else open?.text.push(Buffer.from(chunk));
  };
  const close = async () => {
    if (open?.file) await open.file.end();
    else if (open) parts.text(open.head.name, Buffer.concat(open.text).toString("utf8"));
    open = null;
  };

  for await (const chunk of body) {
    buffer = buffer.length === 0 ? Buffer.from(chunk) : Buffer.concat([buffer, chunk]);
    for (;;) {
      const at = buffer.indexOf(delimiter);
      if (at < 0) {
        // What could be the start of a boundary stays for the next chunk.
        const safe = Math.max(0, buffer.length - delimiter.length + 1);
        await take(buffer.subarray(0, safe));
        buffer = buffer.subarray(safe);
        break;
      }
      const after = buffer.subarray(at + delimiter.length);
      if (after.length < 2) break;
      if (after.subarray(0, 2).toString("latin1") === "--") {
        await take(buffer.subarray(0, at));
        await close();
        return true;
      }
      const headEnd = after.indexOf("\r\n\r\n");
      if (headEnd < 0) break;
      await take(buffer.subarray(0, at));
      await close();
      const head = headOf(after.subarray(2, headEnd).toString("utf8"));
      const file = head.filename === null ? null : parts.file(head.name, head.filename);
      open = { head, file, text: [] };
      buffer = after.subarray(headEnd + 4);
    }
  }
  return false;
}
