import type { Person } from "../services/sign-in/way.js";
import { environment } from "./environment.js";
import { personAt } from "./person.js";

/** The person at this process's terminal, if there is one; `noInput` as in `--no-input`. */
export const personHere = (noInput: boolean): Person =>
  personAt({
    stdin: process.stdin,
    stderr: process.stderr,
    env: environment(),
    platform: process.platform,
    noInput,
    onInterrupt: () => process.emit("SIGINT"),
  });
