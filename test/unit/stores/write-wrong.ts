import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BlobKey } from "../../../src/domain/ids.js";

/** Puts other bytes under a key, as a person or a failing disk would. */
export async function writeWrong(root: string, key: BlobKey, text: string): Promise<void> {
  await mkdir(dirname(join(root, key)), { recursive: true });
  await rm(join(root, key), { force: true });
  await writeFile(join(root, key), text);
}
