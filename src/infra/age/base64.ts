/** How age writes bytes in a header: https://c2sp.org/age, "Header" (base64 without padding). */
export const toBase64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes).toString("base64").replace(/=+$/, "");

/** Strict: null also for a text that stands for the same bytes in another way. */
export function fromBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, "base64");
  return toBase64(bytes) === text ? bytes : null;
}
