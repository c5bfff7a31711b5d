import type { InitResult } from "../../operations/results.js";
import { shown } from "../../text/lines.js";
import { asText } from "./closing.js";
import { paint, type View } from "./view.js";

/** What `init` made, and the first steps with it. */
export function renderInit(result: InitResult, view: View): string {
  return asText([
    `Made a library in ${paint(view, "bold", shown(result.library))}:`,
    ...result.created.map((path) => `  ${shown(path)}`),
    "",
    "Next",
    `  photosync discover PATH   look at a folder or a Google Takeout export`,
    `  photosync status          see where everything stands`,
  ]);
}
