import { parentPort } from "node:worker_threads";
import { createFiles } from "./new-files.js";
import { packObjects } from "./packed-objects.js";
import type { SideAnswer, SideWork } from "./side-thread.js";

/** The entry of the second thread of a big commit: each message is one piece of work, and is answered by one message. */
parentPort?.on("message", (work: SideWork) => {
  const answer: SideAnswer =
    work.kind === "pack"
      ? { kind: "packed", packed: packObjects(work.batch) }
      : { kind: "made", files: createFiles(work.files) };
  // Handed over instead of copied: nobody here needs it any more.
  const big = answer.kind === "packed" ? answer.packed.bytes : answer.files.stats;
  parentPort?.postMessage(answer, big.buffer instanceof ArrayBuffer ? [big.buffer] : []);
});
