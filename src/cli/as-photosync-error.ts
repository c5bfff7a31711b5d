import { Errors } from "@oclif/core";
import { PhotosyncError } from "../domain/errors.js";
import { errnoOf, fileError } from "../infra/durable-file.js";
import { nearest } from "./nearest.js";

const REPORT =
  "This is a defect of photosync: please report it with the output of the same command and --verbose.";

/** Codes of the mistakes that oclif's parser finds, by the class that it throws. */
const USAGE_CODES: Readonly<Record<string, string>> = {
  NonExistentFlagsError: "usage.unknown-flag",
  UnexpectedArgsError: "usage.unexpected-argument",
  RequiredArgsError: "usage.missing-argument",
  FlagInvalidOptionError: "usage.bad-value",
  ArgInvalidOptionError: "usage.bad-value",
  FailedFlagValidationError: "usage.flags-disagree",
};

/** What was being typed when the arguments were refused. */
export interface UsageContext {
  /** The command as people type it, or null where there is none. */
  readonly command: string | null;
  /** Flags that the command has, with their dashes. */
  readonly flags: readonly string[];
}

function usageError(error: Error, { command, flags }: UsageContext): PhotosyncError {
  const message = error.message
    .replace(/\n?See more help with --help\s*$/, "")
    .replace(/^The following errors? occurred:\s*/, "")
    .trim();
  const unknown = /^Nonexistent flags?: (--?[^\s=,]+)/.exec(message)?.[1];
  const meant = unknown === undefined ? null : nearest(unknown, flags);
  const help = `See \`photosync ${command === null ? "" : `${command} `}--help\`.`;
  return new PhotosyncError({
    kind: "user",
    code: USAGE_CODES[error.constructor.name] ?? "usage.invalid",
    message,
    next: meant === null ? [help] : [`Did you mean ${meant}?`, help],
    cause: error,
  });
}

/** What a disk, its rights or the limit of open files answers; a missing file that was counted on is rather a defect. */
const DISK_TROUBLES = [
  ...["EIO", "ENOSPC", "EDQUOT", "EROFS", "EACCES", "EPERM", "EMFILE", "ENFILE"],
  ...["ESTALE", "ENODEV", "ENXIO", "ENOTCONN", "ETIMEDOUT", "EHOSTDOWN", "EHOSTUNREACH"],
];

/** A file-system error that came up untranslated: the disk's trouble and not a defect, wherever it struck. */
function diskTrouble(error: unknown): PhotosyncError | null {
  const errno = errnoOf(error);
  if (errno === undefined || !DISK_TROUBLES.includes(errno)) return null;
  const path = error instanceof Error && "path" in error ? String(error.path) : "a file";
  const told = fileError(error, path, "use");
  return told instanceof PhotosyncError ? told : null;
}

/** The shell stands in a folder that was deleted meanwhile: no path can be made of a relative one there. */
function startedNowhere(error: unknown): PhotosyncError | null {
  if (!(error instanceof Error) || !("syscall" in error) || error.syscall !== "uv_cwd") return null;
  return new PhotosyncError({
    kind: "user",
    code: "usage.folder-gone",
    message: "The folder that photosync was started in is not there any longer.",
    next: ["Go to one that is there (cd), and run the same command again."],
    cause: error,
  });
}

/**
 * Any thrown value as an error that can be reported: photosync's own as it is, a mistake in the arguments as
 * `usage.*` (user), an abort as `cancelled`, what the disk or the folder that it was started in has done as that, and everything else as the
 * defect that it is (`bug.unexpected`).
 */
export function asPhotosyncError(error: unknown, context: UsageContext): PhotosyncError {
  if (error instanceof PhotosyncError) return error;
  if (error instanceof Errors.CLIError && !(error instanceof Errors.ModuleLoadError)) {
    return usageError(error, context);
  }
  if (error instanceof Error && error.name === "AbortError") {
    return new PhotosyncError({
      kind: "cancelled",
      code: "cancelled",
      message: "Stopped before the end; what was finished is kept.",
      next: ["Run the same command again to continue."],
      cause: error,
    });
  }
  const known = startedNowhere(error) ?? diskTrouble(error);
  if (known !== null) return known;
  return new PhotosyncError({
    kind: "bug",
    code: "bug.unexpected",
    message: error instanceof Error ? error.message : String(error),
    next: [REPORT],
    cause: error,
  });
}

/** The error for a word that is no command, with the command that was probably meant. */
export function unknownCommand(word: string | undefined, commands: readonly string[]): PhotosyncError {
  if (word === undefined || word.startsWith("-")) {
    return new PhotosyncError({
      kind: "user",
      code: "usage.no-command",
      message: word === undefined ? "No command was given." : `A command is missing before ${word}.`,
      next: ["See `photosync --help` for the commands."],
    });
  }
  const meant = nearest(word, commands);
  return new PhotosyncError({
    kind: "user",
    code: "usage.unknown-command",
    message: `There is no command \`${word}\`.`,
    next: [
      ...(meant === null ? [] : [`Did you mean \`photosync ${meant}\`?`]),
      "See `photosync --help` for the commands.",
    ],
  });
}
