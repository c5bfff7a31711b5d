import { render } from "ink";
import { PhotosyncError } from "../../domain/errors.js";
import type { Call } from "../../ports/call.js";
import { openScreen } from "../screen.js";
import type { Sitting, SittingEnd } from "./contract.js";
import { Resolver } from "./Resolver.js";

/** Where a sitting takes place. */
export interface SittingPlace {
  readonly stdin: NodeJS.ReadStream;
  /** What is drawn on: standard error, for standard output is the result's. */
  readonly stderr: NodeJS.WriteStream;
  readonly color: boolean;
}

/**
 * Puts the questions to the person at the terminal and ends when they do, or when the call is aborted. The terminal is given back as
 * it was in each case. Throws `resolve.no-terminal` (conflict) where there is none, and whatever `onDecide` and `onTakeBack` throw.
 */
export async function runResolver(
  sitting: Sitting,
  place: SittingPlace,
  { signal }: Call,
): Promise<SittingEnd> {
  const { stdin, stderr, color } = place;
  if (stdin.isTTY !== true || stderr.isTTY !== true) throw noTerminal();
  if (sitting.questions.length === 0) return "finished";
  if (signal.aborted) return "interrupted";
  let end: SittingEnd = "interrupted";
  const screen = openScreen(stderr);
  const view = () => (
    <Resolver
      sitting={sitting}
      room={{ ...screen.size(), color }}
      place={screen.place}
      onEnd={(how) => {
        end = how;
      }}
    />
  );
  const options = { stdout: screen.stream, stdin, debug: true, exitOnCtrlC: false, patchConsole: false };
  try {
    const resolver = render(view(), options);
    const onResize = () => resolver.rerender(view());
    const onAbort = () => resolver.unmount();
    stderr.on("resize", onResize);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      await resolver.waitUntilExit();
    } finally {
      stderr.off("resize", onResize);
      signal.removeEventListener("abort", onAbort);
    }
  } finally {
    screen.leave();
  }
  return end;
}

const noTerminal = (): PhotosyncError =>
  new PhotosyncError({
    kind: "conflict",
    code: "resolve.no-terminal",
    message: "Questions are open, and there is no terminal to put them on.",
    next: [
      "Write them to a file: photosync resolve --export-conflicts questions.json",
      "Answer there, then: photosync resolve --decisions questions.json",
    ],
  });
