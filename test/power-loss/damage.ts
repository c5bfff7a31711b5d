import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256Hex } from "../cli/sha256.js";
import { blobsOf } from "./program.js";

/**
 * Gives one blob of the second store other bytes, and removes another there and a third in the first store; each has its good copy
 * in the other store. Tells the hashes of the wrong bytes.
 */
export function damageBlobs(world: string): readonly string[] {
  const names = Object.keys(blobsOf(world));
  const [wrong, gone] = names.filter((name) => name.startsWith("usb/"));
  const elsewhere = names.filter((name) => name.startsWith("library/"))[2];
  if (wrong === undefined || gone === undefined || elsewhere === undefined)
    throw new Error("there are too few blobs to damage");
  rmSync(join(world, gone));
  rmSync(join(world, elsewhere));
  const bytes = readFileSync(join(world, wrong)).map((byte) => byte ^ 1);
  rmSync(join(world, wrong));
  writeFileSync(join(world, wrong), bytes);
  return [sha256Hex(bytes)];
}
