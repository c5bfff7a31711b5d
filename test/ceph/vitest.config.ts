import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Apart from the other projects: these tests need the cluster that `npm run test:ceph` starts. */
export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  test: {
    name: "ceph",
    include: ["test/ceph/**/*.test.ts"],
    testTimeout: 120_000,
    // Each test has a store of its own, and mostly waits for the cluster.
    sequence: { concurrent: true },
    maxConcurrency: 8,
  },
});
