import { constants } from "node:fs";
import { expect, test } from "vitest";
import type { LoggedOperation } from "../../faults/preload/settings.mjs";
import { diskAfter, type Image, ROOT } from "../../power-loss/model.js";
import { Trace } from "../../power-loss/trace.js";

const empty: Image = new Map([[ROOT, { kind: "folder", entries: new Map() }]]);

let number = 0;
function line(
  kind: string,
  path: string,
  ended: Partial<NonNullable<LoggedOperation["ended"]>> = {},
  to?: string,
): LoggedOperation {
  number += 1;
  return {
    ...{ number, change: 0, kind, path: `/w/${path}`, site: "", thread: 0 },
    ...(to === undefined ? {} : { to: `/w/${to}` }),
    ended: { errno: null, ...ended },
  };
}
const base64 = (text: string) => Buffer.from(text).toString("base64");
const CREATE = constants.O_CREAT | constants.O_WRONLY;

function traceOf(...lines: readonly LoggedOperation[]): Trace {
  const trace = new Trace("/w", empty, {
    skip: (path) => path.startsWith("cache"),
    rewrite: (bytes) => Buffer.from(bytes.toString().replace("BOOT", "boot")),
  });
  trace.takeRun(lines);
  return trace;
}

const namesAndBytes = ({ base, operations }: Trace) =>
  diskAfter(base, operations, { cut: operations.length, lostNames: new Set(), fates: new Map() }).map(
    ({ path, bytes }) => [path, bytes?.toString() ?? null],
  );

test("bytes reach the file that was opened, whatever it is called by then", () => {
  const trace = traceOf(
    line("mkdir", "a/b"),
    line("open", "a/b/temp", { fd: 7, value: CREATE }),
    line("write", "a/b/temp", { fd: 7, bytes: base64("one "), position: 0 }),
    line("rename", "a/b/temp", {}, "a/final"),
    line("write", "a/b/temp", { fd: 7, bytes: base64("BOOT"), position: 4 }),
    line("close", "a/b/temp", { fd: 7 }),
    line("rmdir", "a/b"),
  );
  expect(namesAndBytes(trace)).toEqual([
    ["a", null],
    ["a/final", "one boot"],
  ]);
});

test("what failed, what is left out and what lies elsewhere is no operation", () => {
  const trace = traceOf(
    line("mkdir", "a", { errno: "EEXIST" }),
    line("writeFile", "cache/x", { bytes: base64("x") }),
    line("writeFile", "../elsewhere", { bytes: base64("x") }),
  );
  expect(trace.operations).toEqual([]);
});

test("a file written anew is emptied first, and one appended to grows", () => {
  const trace = traceOf(
    line("writeFile", "a", { bytes: base64("first") }),
    line("writeFile", "a", { bytes: base64("2nd") }),
    line("appendFile", "a", { bytes: base64("+"), position: null }),
    line("link", "a", {}, "b"),
    line("rm", "a"),
  );
  expect(namesAndBytes(trace)).toEqual([["b", "2nd+"]]);
});

test("a sync covers only what had ended before it began", () => {
  const first = line("writeFile", "a", { bytes: base64("a") });
  const opened = line("open", "a", { fd: 3, value: constants.O_RDONLY });
  const sync = line("sync", "a", { fd: 3 });
  const during = line("write", "a", { fd: 3, bytes: base64("b"), position: 1 });
  const { operations } = traceOf(first, opened, during, sync);
  expect(operations.at(-1)).toEqual({ kind: "sync", inode: 1, covers: 2 });
});
