import { expect, it } from "vitest";
import { PhotosyncError } from "../../../src/domain/errors.js";
import { sweepStores } from "../../../src/operations/sweep-stores.js";
import { memoryStore } from "../../../src/stores/memory-store.js";
import { faultyStore } from "../../fakes/faulty-store.js";
import { quietRun } from "../../fakes/replicate-world.js";

const failing = (name: string, error: Error) =>
  faultyStore(memoryStore(name), (method) => (method === "sweep" ? { kind: "throw", error } : undefined));
const diskError = new PhotosyncError({
  kind: "transient",
  code: "file.io-error",
  message: "the disk gave an error.",
  next: ["Look at the disk."],
});

it("goes on to the other stores where one cannot be swept, and tells which", async () => {
  const swept: string[] = [];
  const well = faultyStore(memoryStore("well"), (method) => {
    if (method === "sweep") swept.push("well");
    return undefined;
  });
  expect(await sweepStores([failing("ill", diskError), well], quietRun())).toEqual([
    {
      subject: "store ill",
      code: "store.not-swept",
      message: expect.stringContaining("ill"),
      hint: "Look at the disk.",
    },
  ]);
  expect(swept).toEqual(["well"]);
});

it("lets an interruption and a defect through", async () => {
  const interrupted = quietRun(AbortSignal.abort());
  await expect(sweepStores([failing("ill", diskError)], interrupted)).rejects.toMatchObject({
    code: "cancelled",
  });
  const defect = new TypeError("undefined is not a function");
  await expect(sweepStores([failing("ill", defect)], quietRun())).rejects.toBe(defect);
});
