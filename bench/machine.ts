import { cpus, loadavg, release, totalmem } from "node:os";
import { versionOf } from "./measure.js";

function fileSystemOf(dir: string): string {
  return versionOf("findmnt", "-n", "-o", "FSTYPE,SOURCE,OPTIONS", "--target", dir) ?? "unknown";
}

const ALTERNATIVES: readonly (readonly [name: string, ...version: string[]])[] = [
  ["git", "--version"],
  ["restic", "version"],
  ["rclone", "version"],
  ["exiftool", "-ver"],
  ["cp", "--version"],
  ["sha256sum", "--version"],
  ["find", "--version"],
  ["strace", "--version"],
];

const QUIET_LOAD = 0.5;

/** How busy the machine was with other things; to be asked before anything is measured. */
export function describeLoad(): string {
  const load = loadavg()[0] ?? 0;
  const warning = load > QUIET_LOAD * cpus().length ? ": BUSY, so that durations and ratios say little" : "";
  return `load average before the run: ${load.toFixed(2)}${warning}`;
}

/** Lines that say on what, and against what, was measured; `dir` is where the working files lie. */
export function describeMachine(dir: string): readonly string[] {
  const processors = cpus();
  const versions = ALTERNATIVES.map(
    ([name, ...version]) => `${name}: ${versionOf(name, ...version) ?? "not installed"}`,
  );
  return [
    `processor: ${processors[0]?.model.trim() ?? "unknown"}, ${processors.length} cores`,
    `memory: ${(totalmem() / 2 ** 30).toFixed(1)} GiB`,
    `kernel: ${process.platform} ${release()}`,
    `file system: ${fileSystemOf(dir)}`,
    `Node: ${process.version}`,
    ...versions,
  ];
}
