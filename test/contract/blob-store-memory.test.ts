import { isBundleName } from "../../src/domain/bundle-name.js";
import { memoryStore } from "../../src/stores/memory-store.js";
import { blobStoreContract } from "./blob-store.js";

blobStoreContract("memory store", {
  async open() {
    const store = memoryStore("memory");
    return {
      store,
      async plant(key, bytes) {
        store.blobs.set(key, bytes);
      },
      async plantBundle(name, bytes) {
        if (isBundleName(name)) store.kept.set(name, bytes);
      },
      readAside: async (asidePath) => store.aside.get(asidePath) ?? new Uint8Array(),
      readChecksumList: async () => store.checksumList() ?? "",
      leftovers: async () => [],
    };
  },
});
