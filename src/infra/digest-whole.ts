import { webcrypto } from "node:crypto";
import { type ContentHash, contentHash } from "../domain/ids.js";

/** The content hash of bytes held whole, computed beside the main thread, so that several are hashed at once. */
export async function digestWhole(bytes: Uint8Array): Promise<ContentHash> {
  return contentHash(Buffer.from(await webcrypto.subtle.digest("SHA-256", bytes)).toString("hex"));
}
