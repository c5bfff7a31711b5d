import { fork } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { keepInput } from "./corpus.js";
import type { Order, Report } from "./messages.js";
import { TARGETS } from "./targets.js";

/** A process that says nothing for so long hangs in one input (which may take one second, under whatever load). */
const SILENCE_MS = 45_000;
const HEAP_MB = 384;

type Done = Extract<Report, { kind: "done" }>;
interface Row {
  readonly target: string;
  readonly done: Done | null;
  readonly failures: readonly string[];
}

const childPath = fileURLToPath(new URL("child.ts", import.meta.url));

function currentInput(path: string): Buffer {
  const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  return bytes.length < 4 ? Buffer.alloc(0) : bytes.subarray(4, 4 + bytes.readUInt32BE(0));
}

/** Runs one process to its end and tells of each target that it tried; one that hangs is killed, and its input kept. */
function runChild(order: Order, onRow: (row: Row) => void): Promise<void> {
  const child = fork(childPath, [JSON.stringify(order)], {
    execArgv: ["--import", "tsx", `--max-old-space-size=${HEAP_MB}`],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  let failures: string[] = [];
  let target = order.targets[0] ?? "";
  let isDone = false;
  // Loading the program may take long on a busy machine.
  let lastHeard = Date.now() + 120_000;
  let isHung = false;
  const watch = setInterval(() => {
    if (Date.now() - lastHeard < SILENCE_MS) return;
    isHung = true;
    child.kill("SIGKILL");
  }, 500);
  child.on("message", (report: Report) => {
    lastHeard = Date.now();
    if (report.kind === "begin") {
      target = report.target;
      isDone = false;
    }
    if (report.kind === "failure")
      failures.push(`${report.what} (${report.path}, ${report.sizeBytes} bytes)`);
    if (report.kind === "done") {
      onRow({ target, done: report, failures });
      failures = [];
      isDone = true;
    }
  });
  return new Promise((resolve) => {
    child.on("exit", (code, signal) => {
      clearInterval(watch);
      if (!isDone) {
        const why = isHung ? "hangs" : `the process died (${signal ?? code})`;
        failures.push(`${why} (${keepInput(target, "defect", currentInput(order.currentPath))})`);
        onRow({ target, done: null, failures });
      }
      resolve();
    });
  });
}

const pad = (text: string | number, width: number): string => String(text).padStart(width);

function line({ target, done, failures }: Row): string {
  const rate = done === null ? "-" : Math.round(done.executions / Math.max(0.001, done.seconds));
  const cells = [
    done?.executions ?? "-",
    rate,
    done?.corpus ?? "-",
    done?.found ?? "-",
    done?.newCode ?? "-",
    failures.length,
  ];
  return `${target.padEnd(20)}${cells.map((cell) => pad(cell, 11)).join("")}`;
}

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "20" },
    executions: { type: "string", default: "0" },
    seed: { type: "string", default: String(Date.now() % 1_000_000_007) },
    target: { type: "string", multiple: true, default: [] },
    jobs: { type: "string", default: "2" },
    extra: { type: "string" },
    keep: { type: "boolean", default: false },
    plain: { type: "boolean", default: false },
  },
});

const jobs = Number(values.jobs);
const folder = mkdtempSync(join(tmpdir(), "photosync-fuzz-run-"));
const chosen = TARGETS.filter(({ name }) => values.target.length === 0 || values.target.includes(name));
console.log(`seed ${values.seed}`);
console.log(
  `${"target".padEnd(20)}${["executions", "exec/s", "corpus", "new inputs", "new code", "failures"].map((head) => pad(head, 11)).join("")}`,
);
const rows: Row[] = [];
const worker = async (turn: number): Promise<void> => {
  const mine = chosen.filter((_, at) => at % jobs === turn).map(({ name }) => name);
  while (mine.length > 0) {
    const order: Order = {
      targets: mine,
      seed: Number(values.seed) + turn,
      seconds: Number(values.seconds),
      executions: Number(values.executions),
      isGuided: !values.plain,
      keep: values.keep,
      extra: values.extra ?? null,
      currentPath: join(folder, String(turn)),
    };
    await runChild({ ...order, targets: [...mine] }, (row) => {
      mine.splice(0, mine.indexOf(row.target) + 1);
      rows.push(row);
      console.log([line(row), ...row.failures.map((failure) => `  ${failure}`)].join("\n"));
    });
  }
};
await Promise.all(Array.from({ length: jobs }, (_, turn) => worker(turn)));
rmSync(folder, { recursive: true, force: true });
const total = rows.reduce((sum, { done }) => sum + (done?.executions ?? 0), 0);
const failed = rows.reduce((sum, { failures }) => sum + failures.length, 0);
console.log(`${total} executions of ${rows.length} targets, ${failed} failures`);
process.exitCode = failed > 0 || rows.length === 0 ? 1 : 0;
