import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { measure } from "./measure.js";
import { RUN_JS } from "./program.js";

/** System calls that take bytes from a file into a process, or from one file to another without passing through it. */
const READING = "read,pread64,readv,preadv,preadv2,copy_file_range,sendfile,splice,mmap";

/** How `strace -y -s 0` writes a call that got bytes: name, its arguments, and the number of bytes. */
const CALL = /^(\w+)\((.*)\)\s+= (\d+)/;

/**
 * How many bytes a run of photosync takes out of files under `folder`, as the kernel saw it: every thread is traced with
 * `strace`, which must be installed. Throws when a file there is mapped into memory, which cannot be counted.
 */
export async function bytesReadFrom(
  folder: string,
  args: readonly string[],
  traceDir: string,
): Promise<number> {
  await mkdir(traceDir, { recursive: true });
  const trace = join(traceDir, "trace");
  await measure(
    [
      "strace",
      "-ff",
      "-y",
      "-s",
      "0",
      "-qq",
      "-o",
      trace,
      "-e",
      `trace=${READING}`,
      process.execPath,
      RUN_JS,
    ].concat(args) as [string, ...string[]],
    // Reads through io_uring would be invisible to strace.
    { env: { UV_USE_IO_URING: "0" }, alsoFine: [10] },
  );
  let sum = 0;
  for (const file of await readdir(traceDir)) {
    for (const line of (await readFile(join(traceDir, file), "utf8")).split("\n")) {
      sum += bytesOfCall(line, folder);
    }
  }
  return sum;
}

function bytesOfCall(line: string, folder: string): number {
  const source = `<${folder}/`;
  if (!line.includes(source)) return 0;
  const [, name = "", given = "", result] = CALL.exec(line) ?? [];
  if (name === "mmap") throw new Error(`a source is mapped into memory: ${line}`);
  // `sendfile(out, in, …)`: the file that is read stands second; in every other call it stands first.
  const from = name === "sendfile" ? given.slice(given.indexOf(",") + 1) : (given.split(",")[0] ?? "");
  return from.includes(source) ? Number(result ?? 0) : 0;
}
