import { chmod, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { blobsOf } from "./library-state.js";

/** In one store a blob with other bytes and one cut short, in the other one that is missing: three different ones. */
export async function damageBlobs(place: string): Promise<void> {
  const [first, second, third] = [...(await blobsOf(join(place, "second"))).keys()];
  const at = (store: string, name = ""): string => join(place, store, name);
  const bytes = await readFile(at("library/blobs", first));
  await rm(at("library/blobs", first));
  await writeFile(
    at("library/blobs", first),
    bytes.map((byte) => byte ^ 1),
    { mode: 0o444 },
  );
  await chmod(at("library/blobs", second), 0o644);
  await truncate(at("library/blobs", second), 10);
  await rm(at("second", third));
}
