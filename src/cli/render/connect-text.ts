import type { ConnectResult } from "../../operations/account-results.js";
import { shown, wrap } from "../../text/lines.js";
import { asText, closingLines } from "./closing.js";
import { heading, paint, type View } from "./view.js";

const KEPT = {
  environment: "The sign-in comes from the environment and is kept nowhere else.",
  keychain: "The sign-in is kept in this computer's keychain.",
  file: "The sign-in is kept in a file that only you can read, for this computer has no keychain that answers.",
} as const;

const bullets = (lines: readonly string[], view: View): string[] =>
  lines.flatMap((line) =>
    wrap(shown(line), view.width - 4, "").map((part, at) => `${at === 0 ? "  - " : "    "}${part}`),
  );

/** Who is signed in, what that account may do, and what to do next. */
export function renderConnect(result: ConnectResult, view: View): string {
  const { account, title, owner, facts, remarks, kept_in } = result;
  return asText([
    `${paint(view, "green", "Connected")} to ${title}${account === result.provider ? "" : ` as ${shown(account)}`}: ${paint(view, "bold", shown(owner))}`,
    ...bullets(facts, view),
    ...wrap(KEPT[kept_in], view.width),
    "",
    heading(view, `What ${title} can and cannot do`),
    ...bullets(remarks, view),
    "",
    `Next: photosync discover --service ${account}`,
    ...closingLines(result, view),
  ]);
}
