import type { StoreAddResult } from "../../operations/stores/store-results.js";
import { shown, wrap } from "../../text/lines.js";
import { asText, closingLines } from "./closing.js";
import { noteLines } from "./note-lines.js";
import { testLines } from "./store-test-text.js";
import { heading, paint, type View } from "./view.js";

const OPENED = {
  environment: "Its keys come from the environment and are kept nowhere else.",
  keychain: "What opens it is kept in this computer's keychain.",
  file: "What opens it is kept in a file that only you can read, for this computer has no keychain that answers.",
  profile: "It is opened by a profile of the AWS command line.",
  "machine-role": "It is opened by the role of the machine that photosync runs on.",
} as const;

/** What was added, what the trial showed, and what to do next. */
export function renderStoreAdd(result: StoreAddResult, view: View): string {
  const { name, url, opened_by, bucket, test, dry_run, settings } = result;
  const added = dry_run ? "Would add" : paint(view, "green", "Added");
  return asText([
    `${added} store ${paint(view, "bold", shown(name))} at ${shown(url)}`,
    ...(bucket === null
      ? []
      : [
          `The bucket ${shown(bucket.name)} was made${bucket.public_access_blocked ? ", closed to the public" : ""}${bucket.versioned === true ? ", keeping versions" : ""}.`,
        ]),
    ...(opened_by === null || dry_run ? [] : wrap(OPENED[opened_by], view.width)),
    ...(settings.type === "s3" && settings.encryption !== undefined
      ? wrap(
          "Everything is encrypted on this computer first. Without the passphrase or identity nothing there can be read again, ever.",
          view.width,
        )
      : []),
    ...(test === null ? [] : ["", heading(view, "What the trial showed"), ...testLines(test, view)]),
    ...noteLines(result.notes, view),
    ...(dry_run ? [] : ["", "Next: photosync replicate"]),
    ...closingLines(result, view),
  ]);
}
