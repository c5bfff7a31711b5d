/** Why the fault sweep's commands do not come to the call sites of a file, where that is on purpose. */
export const UNREACHED: Readonly<Record<string, string>> = {
  "cli/commands/demo.js": "`demo` makes a library of its own in the temporary folder",
  "operations/doctor.js": "`doctor` reads only",
};
