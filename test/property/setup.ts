import fc from "fast-check";
import { runs } from "./runs.js";

// What `test.prop` and `fc.assert` do where a test names no number of its own.
fc.configureGlobal({ ...fc.readConfigureGlobal(), numRuns: runs(50) });
