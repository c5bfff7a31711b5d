import { spawn, spawnSync } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";

export interface Measured {
  /** Wall-clock seconds from before the process is started until it has ended. */
  readonly seconds: number;
  /** The kernel's own high-water mark of resident memory (`VmHWM`), or null where there is no `/proc`. */
  readonly peakResidentBytes: number | null;
  /**
   * The largest resident memory seen without file-backed pages (`RssAnon`), every 20 ms. The resident figure counts pages of the
   * memory-mapped index, which the kernel takes back at will.
   */
  readonly peakAnonymousBytes: number | null;
  /**
   * Seconds of processor time, those of its own children included; null where there is no `/proc`. It stays what it is when
   * other programs compete, as wall-clock time does not.
   */
  readonly cpuSeconds: number | null;
  readonly stdout: string;
  readonly exit: number;
}

export interface MeasureOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** File to read stdin from. */
  readonly stdin?: string;
  /** Keep what is printed, or write it to a file; it goes to `/dev/null` unless this says otherwise. */
  readonly stdout?: "keep" | { readonly file: string };
  /** Exit codes that count as success besides 0. */
  readonly alsoFine?: readonly number[];
}

const SAMPLE_EVERY_MS = 20;
/** `USER_HZ`, which Linux keeps at 100 for programs on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Nobody's settings, library or keychain. */
export const cleanEnvironment = (): Record<string, string> => ({
  PATH: process.env["PATH"] ?? "",
  HOME: "/nonexistent",
  TMPDIR: tmpdir(),
  LC_ALL: "C.UTF-8",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.org",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.org",
});

/** Runs a program to its end, timed and with its memory watched; one at a time. Throws when it ends in an unexpected exit code. */
export async function measure(
  command: readonly [string, ...string[]],
  options: MeasureOptions = {},
): Promise<Measured> {
  const [program, ...args] = command;
  const opened: number[] = [];
  const open = (path: string, mode: "r" | "w") => {
    const file = openSync(path, mode);
    opened.push(file);
    return file;
  };
  const { stdout: wanted } = options;
  const cpuBefore = endedChildrenCpuSeconds();
  const started = performance.now();
  const child = spawn(program, args, {
    cwd: options.cwd ?? tmpdir(),
    env: { ...cleanEnvironment(), ...options.env },
    stdio: [
      options.stdin === undefined ? "ignore" : open(options.stdin, "r"),
      wanted === undefined ? "ignore" : wanted === "keep" ? "pipe" : open(wanted.file, "w"),
      "pipe",
    ],
  });
  const watch = new MemoryWatch(child.pid);
  try {
    const ended = await new Promise<{ exit: number | null; stdout: string; stderr: string; at: number }>(
      (resolve, reject) => {
        let stdout = "";
        let stderr = "";
        child.stdout?.setEncoding("utf8").on("data", (text: string) => {
          stdout += text;
        });
        child.stderr?.setEncoding("utf8").on("data", (text: string) => {
          stderr = (stderr + text).slice(-4000);
        });
        child.once("error", reject);
        child.once("close", (exit) => resolve({ exit, stdout, stderr, at: performance.now() }));
      },
    );
    if (ended.exit === null || (ended.exit !== 0 && !options.alsoFine?.includes(ended.exit))) {
      throw new Error(`${command.join(" ").slice(0, 300)} ended with ${ended.exit}: ${ended.stderr}`);
    }
    const { peakResidentBytes, peakAnonymousBytes } = watch;
    const cpuAfter = endedChildrenCpuSeconds();
    const cpuSeconds = cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore;
    const seconds = (ended.at - started) / 1000;
    const { stdout, exit } = ended;
    return { seconds, peakResidentBytes, peakAnonymousBytes, cpuSeconds, stdout, exit };
  } finally {
    watch.stop();
    for (const file of opened) closeSync(file);
  }
}

/**
 * Processor time of all children of this process that have ended, with theirs: fields 16 and 17 of proc_pid_stat(5). The name in
 * field 2 may hold spaces, and ends with the last bracket.
 */
function endedChildrenCpuSeconds(): number | null {
  let stat: string;
  try {
    stat = readFileSync("/proc/self/stat", "utf8");
  } catch {
    return null;
  }
  const [user = "", system = ""] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(13, 15);
  return (Number(user) + Number(system)) / TICKS_PER_SECOND;
}

class MemoryWatch {
  peakResidentBytes: number | null = null;
  peakAnonymousBytes: number | null = null;
  readonly #timer: NodeJS.Timeout;

  constructor(pid: number | undefined) {
    this.#timer = setInterval(() => this.#sample(`/proc/${pid}/status`), SAMPLE_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #sample(path: string): void {
    let status: string;
    try {
      status = readFileSync(path, "utf8");
    } catch {
      return; // It has just ended, or there is no such file on this system.
    }
    const bytesOf = (field: string) => {
      const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status)?.[1];
      return kilobytes === undefined ? 0 : Number(kilobytes) * 1024;
    };
    this.peakResidentBytes = Math.max(this.peakResidentBytes ?? 0, bytesOf("VmHWM"));
    this.peakAnonymousBytes = Math.max(this.peakAnonymousBytes ?? 0, bytesOf("RssAnon"));
  }
}

/** Waits until everything written so far is on the disk, so that no measurement pays for what went before it. */
export function settle(): void {
  spawnSync("sync");
}

/** Reads every file of a folder, so that whatever is measured next finds as much of it in the page cache as fits. */
export function warm(folder: string): void {
  spawnSync("sh", ["-c", 'find "$0" -type f -print0 | xargs -0 cat > /dev/null', folder]);
}

/** What a program prints, or null when it is not installed. */
export function versionOf(program: string, ...args: readonly string[]): string | null {
  const { status, stdout } = spawnSync(program, args, { encoding: "utf8" });
  return status === 0 ? (stdout.split("\n")[0]?.trim() ?? "") : null;
}
