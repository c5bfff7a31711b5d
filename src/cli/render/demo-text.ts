import type { DemoResult } from "../../operations/results.js";
import { heading, type View } from "./view.js";

/** What to look at after the demo. */
export function renderDemo({ library, steps }: DemoResult, view: View): string {
  const decides = steps.some(({ exit }) => exit === 10);
  const inPart = steps.some(({ exit }) => exit === 3);
  const lines = [
    "",
    heading(
      view,
      inPart
        ? "That was the whole job. What could not be done is named above; the rest is stored and in Git."
        : "That was the whole job: every original is stored and proven, every fact is in Git.",
    ),
    `Your library is in ${library}. Look around:`,
    `  cd ${library}`,
    "  photosync list                              every photo (or open photos/ with an editor)",
    "  git log                                     one commit for each operation",
    "  (cd blobs && sha256sum -c SHA256SUMS)       the originals, checked without photosync",
    ...(decides
      ? ["  photosync list --conflicts                  what the sources disagree on waits for you"]
      : []),
    "",
  ];
  return lines.join("\n");
}
