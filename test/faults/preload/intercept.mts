/**
 * Preloaded with `node --import`: watches the file operations of the real program, and counts, records, kills or fails
 * them as PHOTOSYNC_TEST_FS says. Worker threads load it too. What a native module (LMDB) does by itself is not seen.
 */

import { AsyncLocalStorage } from "node:async_hooks";
import fs from "node:fs";
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { errnoError, halvedArguments, killNow, needsRoom, writeHalf } from "./faults.mjs";
import { fdOf } from "./open-files.mjs";
import { lengthWritten, noteStream, type Operation, operationOf, settle, wasHit } from "./operation.mjs";
import { FUNCTIONS, METHODS, type OperationKind } from "./operations.mjs";
import { type LoggedOperation, SETTINGS_VARIABLE, type Settings, settingsFrom } from "./settings.mjs";

// Taken before anything is replaced: the layer's own writing is not watched.
const { writeSync, writeFileSync, openSync } = fs;
const settings = settingsFrom(process.env[SETTINGS_VARIABLE]);
const logFile = settings === null ? -1 : openSync(settings.log, "a");

const log = (logged: LoggedOperation): void => void writeSync(logFile, `${JSON.stringify(logged)}\n`);

/** What is to become of an operation, decided before it begins. */
type Course =
  | { readonly kind: "go"; readonly rest: readonly unknown[] }
  | { readonly kind: "fail"; readonly error: Error; readonly first: boolean };

const READS = new Set(["read", "readv", "readFile"]);
/** Of this thread. */
let reads = 0;

function courseOf(operation: Operation, mode: Settings): Course {
  const go: Course = { kind: "go", rest: operation.rest };
  if (mode.mode === "count") log(operation.logged);
  if (mode.mode === "unreadable" && READS.has(operation.logged.kind) && ++reads > mode.after)
    return { kind: "fail", error: errnoError("EIO", operation), first: false };
  if (
    mode.mode === "fail" &&
    mode.lasting === true &&
    !operation.targeted &&
    wasHit() &&
    needsRoom(operation)
  ) {
    return { kind: "fail", error: errnoError("ENOSPC", operation), first: false };
  }
  if (operation.goesBefore && mode.mode === "fail" && mode.earlier !== undefined)
    return { kind: "fail", error: errnoError(mode.earlier.fault, operation), first: false };
  if (!operation.targeted) return go;
  log(operation.logged);
  if (mode.mode === "kill") {
    if (mode.when === "half") writeHalf(operation, { writeSync, writeFileSync });
    if (mode.when !== "after") killNow();
    return go;
  }
  if (mode.mode !== "fail") return go;
  if (mode.fault === "short") return { kind: "go", rest: halvedArguments(operation) };
  if (mode.fault === "ENOSPC" && operation.written !== null)
    writeHalf(operation, { writeSync, writeFileSync });
  // Whatever closing reports, the file is closed afterwards.
  return { kind: "fail", error: errnoError(mode.fault, operation), first: operation.logged.kind === "close" };
}

function ended(operation: Operation, mode: Settings, result: unknown, failure: unknown): void {
  const { logged, written, flags, rest } = operation;
  const position = failure === null ? settle(operation, result) : null;
  const fd = logged.kind === "open" ? fdOf(result) : operation.fd;
  if (mode.mode === "record") {
    const errno = failure instanceof Error && "code" in failure ? String(failure.code) : null;
    const bytes = failure === null && written !== null ? written.bytes : null;
    const value =
      logged.kind === "open" ? flags : logged.kind === "truncate" ? Number(rest[0] ?? 0) : undefined;
    log({
      ...logged,
      ended: {
        errno,
        ...(bytes === null || written === null
          ? {}
          : { bytes: bytes.subarray(0, lengthWritten(result, written)).toString("base64"), position }),
        ...(value === undefined ? {} : { value }),
        ...(fd === null ? {} : { fd }),
      },
    });
  }
  if (mode.mode === "kill" && operation.targeted) killNow();
}

const CLOSE: OperationKind = { kind: "close", subject: "fd", changes: false };

type Method = (this: unknown, ...args: unknown[]) => unknown;
type Form = "sync" | "callback" | "promise";

/** The function with the layer around it. A FileHandle's methods take their subject from `this`. */
function watched(
  original: Method,
  kind: OperationKind,
  form: Form,
  mode: Settings,
  isMethod: boolean,
): Method {
  return function (this: unknown, ...args) {
    const subject = isMethod ? this : args[0];
    if (depth > 0 || (form !== "sync" && within.getStore() === true))
      return Reflect.apply(original, this, args);
    const operation = operationOf(kind, subject, isMethod ? args : args.slice(1), mode);
    if (operation === null) return Reflect.apply(original, this, args);
    const course = courseOf(operation, mode);
    const run = (rest: readonly unknown[]): unknown =>
      Reflect.apply(original, this, isMethod ? rest : [subject, ...rest]);
    if (form === "sync") return runSync(operation, course, run, mode);
    if (form === "callback") return runWithCallback(operation, course, run, mode);
    return runPromise(operation, course, async (rest) => run(rest), mode);
  };
}

/** Node makes some operations out of others (`readFileSync` opens and closes): only the one that was asked for counts. */
let depth = 0;
const within = new AsyncLocalStorage<boolean>();
const MADE_OF_OTHERS = new Set(["rm", "cp"]);

type Runner = (rest: readonly unknown[]) => unknown;

function runSync(operation: Operation, course: Course, run: Runner, mode: Settings): unknown {
  if (course.kind === "fail") {
    if (course.first) run(operation.rest);
    ended(operation, mode, undefined, course.error);
    if (operation.logged.kind === "exists") return false;
    throw course.error;
  }
  let result: unknown;
  depth += 1;
  try {
    result = run(course.rest);
  } catch (error) {
    ended(operation, mode, undefined, error);
    throw error;
  } finally {
    depth -= 1;
  }
  ended(operation, mode, result, null);
  return result;
}

async function runPromise(
  operation: Operation,
  course: Course,
  run: (rest: readonly unknown[]) => Promise<unknown>,
  mode: Settings,
): Promise<unknown> {
  if (course.kind === "fail") {
    if (course.first) await run(operation.rest);
    ended(operation, mode, undefined, course.error);
    throw course.error;
  }
  let result: unknown;
  try {
    result = await (MADE_OF_OTHERS.has(operation.logged.kind)
      ? within.run(true, run, course.rest)
      : run(course.rest));
  } catch (error) {
    ended(operation, mode, undefined, error);
    throw error;
  }
  if (operation.logged.kind === "open" && typeof result === "object" && result !== null) {
    // A FileHandle has its `close` to itself and not from its class.
    replace(result, "close", CLOSE, "promise", mode, true);
  }
  ended(operation, mode, result, null);
  return result;
}

function runWithCallback(operation: Operation, course: Course, run: Runner, mode: Settings): unknown {
  const at = operation.rest.findLastIndex((value) => typeof value === "function");
  const callback = operation.rest[at];
  if (typeof callback !== "function") return run(course.kind === "go" ? course.rest : operation.rest);
  const answer = (failure: unknown, ...results: readonly unknown[]): void => {
    const thrown = course.kind === "fail" ? course.error : (failure ?? null);
    ended(operation, mode, results[0], thrown);
    Reflect.apply(callback, undefined, course.kind === "fail" ? [course.error] : [failure, ...results]);
  };
  if (course.kind === "fail" && !course.first) {
    process.nextTick(answer);
    return undefined;
  }
  const rest = course.kind === "go" ? course.rest : operation.rest;
  return run(rest.map((value) => (value === callback ? answer : value)));
}

function replace(
  holder: object,
  name: string,
  kind: OperationKind,
  form: Form,
  mode: Settings,
  isMethod = false,
): void {
  const original: unknown = Reflect.get(holder, name);
  if (typeof original !== "function") return;
  const around = watched(
    function (this: unknown, ...args) {
      return Reflect.apply(original, this, args);
    },
    kind,
    form,
    mode,
    isMethod,
  );
  // `util.promisify` and `realpath.native` look at properties of the function.
  for (const key of Reflect.ownKeys(original)) {
    if (key === "length" || key === "name" || key === "prototype") continue;
    const property = Object.getOwnPropertyDescriptor(original, key);
    if (property !== undefined) Object.defineProperty(around, key, property);
  }
  Object.defineProperty(holder, name, {
    value: around,
    configurable: true,
    writable: true,
    enumerable: true,
  });
}

if (settings !== null) {
  const handle = await promises.open(settings.log, "r");
  const handles: object = Object.getPrototypeOf(handle);
  await handle.close();
  for (const [name, kind] of Object.entries(METHODS)) replace(handles, name, kind, "promise", settings, true);
  for (const [name, kind] of Object.entries(FUNCTIONS)) {
    replace(fs, `${name}Sync`, kind, "sync", settings);
    replace(promises, name, kind, "promise", settings);
    if (name !== "exists") replace(fs, name, kind, "callback", settings);
  }
  replace(
    fs.realpathSync,
    "native",
    FUNCTIONS["realpath"] ?? { kind: "realpath", subject: "path", changes: false },
    "sync",
    settings,
  );
  const { createReadStream } = fs;
  fs.createReadStream = (path, options) => {
    noteStream(path);
    return createReadStream(path, options);
  };
  syncBuiltinESMExports();
}
