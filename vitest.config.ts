import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/longest-first.js";

const project = (name: string, extra: object = {}) => ({
  // Files share their workers: loading the sources anew for each took more time than most of them take to run.
  test: {
    name,
    include: [`test/${name}/**/*.test.{ts,tsx}`],
    maxWorkers: "100%",
    isolate: false,
    ...extra,
  },
});

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      project("unit", { testTimeout: 20_000 }),
      project("property", { testTimeout: 120_000, setupFiles: ["test/property/setup.ts"] }),
      project("contract", { testTimeout: 60_000 }),
      project("ui", { testTimeout: 60_000 }),
      project("cli", {
        testTimeout: 180_000,
        globalSetup: ["test/cli/build-once.ts", "test/cli/new-library.ts"],
        // Its tests mostly wait for the programs they start; after the others, for kills need undisturbed timing.
        sequence: { groupOrder: 1 },
      }),
    ],
  },
});
