import { localStore } from "../../src/stores/local-store.js";
import { blobOf, sampleBytes } from "./blob-store-samples.js";

/** Run as a process of its own: puts the same blobs for ever, until it is killed. Arguments: the root, the first seed. */
const [root = "", first = "0"] = process.argv.slice(2);
const store = localStore({ name: "crash", root });
const call = { signal: new AbortController().signal };

process.stdout.write("ready\n");
for (let n = Number(first); ; n++) {
  const seed = n % 400;
  await store.put(blobOf(sampleBytes(20_000 + seed * 500, seed), `2024-0${1 + (seed % 9)}`, 8192), call);
}
