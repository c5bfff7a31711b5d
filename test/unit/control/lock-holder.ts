import { setTimeout as sleep } from "node:timers/promises";
import { acquireLock } from "../../../src/control/process-lock.js";

// Run as a process of its own: takes the lock of the library given and keeps it until killed.
await acquireLock(process.argv[2] ?? "", "hold");
console.log("held");
await sleep(60_000);
