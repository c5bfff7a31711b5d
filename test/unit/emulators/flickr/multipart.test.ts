import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boundaryOf, readMultipart } from "../../../emulators/flickr/http/multipart.js";

async function* inPieces(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** What the reader makes of a body that comes in pieces of this size. */
async function read(body: Uint8Array, boundary: string, pieceSize: number) {
  const texts: [string, string][] = [];
  const files: { name: string; filename: string; bytes: Buffer }[] = [];
  const isWhole = await readMultipart(inPieces(body, pieceSize), boundary, {
    text: (name, value) => texts.push([name, value]),
    file: (name, filename) => {
      const chunks: Buffer[] = [];
      return {
        write: (chunk) => void chunks.push(Buffer.from(chunk)),
        end: async () => void files.push({ name, filename, bytes: Buffer.concat(chunks) }),
        abandon: async () => {},
      };
    },
  });
  return { isWhole, texts, files };
}

describe("multipart forms", () => {
  it("give back what was put in, however the body is cut into pieces", async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.string().map((text) => new Uint8Array(Buffer.from(`\r\n--${text}\r\n----`))),
    );
    await fc.assert(
      fc.asyncProperty(fc.string(), bytes, fc.integer({ min: 1, max: 400 }), async (text, file, size) => {
        const form = new FormData();
        form.set("title", text);
        form.set("empty", "");
        form.set("photo", new File([Buffer.from(file)], 'a "b".jpg'));
        const request = new Request("http://x/", { method: "POST", body: form });
        const boundary = boundaryOf(request.headers.get("content-type") ?? "") ?? "";
        const sent = new Uint8Array(await request.arrayBuffer());
        const got = await read(sent, boundary, size);
        expect(got.isWhole).toBe(true);
        expect(got.texts).toEqual([
          ["title", text.replace(/\r\n|\r|\n/g, "\r\n")],
          ["empty", ""],
        ]);
        expect(got.files[0]?.filename).toBe('a "b".jpg');
        expect(got.files[0]?.bytes.equals(Buffer.from(file))).toBe(true);
        expect((await read(sent.subarray(0, -6), boundary, size)).isWhole).toBe(false);
      }),
    );
  });
});
