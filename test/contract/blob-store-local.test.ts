import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { localStore } from "../../src/stores/local-store.js";
import { blobStoreContract } from "./blob-store.js";

blobStoreContract("local store", {
  async open() {
    const folder = await mkdtemp(join(tmpdir(), "photosync-store-"));
    const root = join(folder, "blobs");
    return {
      store: localStore({ name: "local", root }),
      async plant(key, bytes) {
        await mkdir(dirname(join(root, key)), { recursive: true });
        await rm(join(root, key), { force: true });
        await writeFile(join(root, key), bytes);
      },
      async plantBundle(name, bytes) {
        await mkdir(join(root, "library"), { recursive: true });
        await rm(join(root, "library", name), { force: true });
        await writeFile(join(root, "library", name), bytes);
      },
      readAside: async (asidePath) => new Uint8Array(await readFile(asidePath)),
      readChecksumList: () => readFile(join(root, "SHA256SUMS"), "utf8"),
      async leftovers() {
        const names = await readdir(root, { recursive: true });
        return names.filter((name) => name.endsWith(".photosync-tmp"));
      },
      close: () => rm(folder, { recursive: true, force: true }),
    };
  },
});
