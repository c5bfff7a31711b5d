import { PhotosyncError } from "../domain/errors.js";
import { environment } from "./environment.js";
import { processStreams } from "./perform.js";
import { qrLines } from "./render/qr-text.js";
import { isLive } from "./terminal.js";

const ERASE_LINE = "\r\u001b[J";

/**
 * Shows the owner, on standard error, the page to pick photos on: its address, and on a terminal a QR code for a phone. Throws
 * `discover.needs-person` (user) where nobody may be asked.
 */
export function pickPage(noInput: boolean): (address: string) => void {
  if (noInput) {
    throw new PhotosyncError({
      kind: "user",
      code: "discover.needs-person",
      message: "Photos are picked by a person in a browser, and --no-input says that there is none.",
      next: [
        "Run it without --no-input: photosync discover --service google-photos --pick",
        "For everything without a person, give a Google Takeout: photosync discover takeout-*.zip",
      ],
    });
  }
  return (address) => {
    const { stderr } = processStreams;
    const isTerminal = isLive(stderr, environment()["TERM"]);
    const code = isTerminal ? ["", ...qrLines(address), ""] : [];
    const lines = [
      "Open this page as the same person, pick photos there and press Done:",
      `  ${address}`,
      ...code,
      "Waiting until you are done ...",
    ];
    // The line of progress, which is drawn anew below.
    stderr.write(`${isTerminal ? ERASE_LINE : ""}${lines.join("\n")}\n`);
  };
}
