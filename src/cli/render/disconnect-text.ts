import type { DisconnectResult } from "../../operations/account-results.js";
import { shown } from "../../text/lines.js";
import { asText } from "./closing.js";
import { noteLines } from "./note-lines.js";
import { paint, type View } from "./view.js";

/** What was ended where. */
export function renderDisconnect(result: DisconnectResult, view: View): string {
  const { account, title, revoked, forgotten, notes } = result;
  return asText([
    forgotten
      ? `${paint(view, "green", "Forgotten")}: the sign-in of ${shown(account)} is no longer on this computer.`
      : `Nothing was kept of ${shown(account)} on this computer.`,
    ...(revoked ? [`${title} has ended the sign-in: it is worth nothing any more.`] : []),
    "The library is as it was; config/services.json still names the account.",
    ...noteLines(notes, view),
  ]);
}
