import { tmpdir } from "node:os";
import type { ComponentType } from "react";
import type { QuestionPicture } from "../../domain/settling/decision.js";
import { SharpPreviews } from "../../infra/media/sharp-previews.js";
import { startDetached } from "../../infra/start-detached.js";
import type { Call } from "../../ports/call.js";
import type { PictureBytes } from "../../ports/picture-bytes.js";
import type { PicturesProps } from "../resolver/contract.js";
import { askTerminal, type TerminalInput, type TerminalOutput } from "./ask-terminal.js";
import { askedProtocol, pictureMode } from "./picture-mode.js";
import { PictureScreen } from "./picture-screen.js";
import { picturesFrom } from "./pictures.js";
import { Previews } from "./previews.js";
import { NO_ANSWERS } from "./terminal-answers.js";
import { Viewer } from "./viewer.js";

/** Where pictures are shown, and where they come from. */
export interface PicturesPlace<Output extends TerminalOutput> {
  readonly stdin: TerminalInput;
  /** What is drawn on. */
  readonly output: Output & { getColorDepth?(env?: Readonly<Record<string, string | undefined>>): number };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** False where a person wants no colour. */
  readonly color: boolean;
  readonly bytes: PictureBytes;
}

/** What a sitting needs for its pictures. */
export interface SittingPictures<Output> {
  /** The terminal to draw the sitting on: what was given, with pixels where the text keeps room for them. */
  readonly terminal: Output;
  readonly Pictures: ComponentType<PicturesProps>;
  /** Shows a picture in the system's viewer and does not wait for it; says why where that is not possible, else null. */
  openInViewer(picture: QuestionPicture): Promise<string | null>;
  /** Takes the pictures from the terminal's memory and the viewer's copies from the disk. Never rejects. */
  close(): Promise<void>;
}

/**
 * Finds out what a terminal can be shown and prepares pictures for it. To be called before anything else reads the keyboard; takes as long
 * as the terminal takes to answer, and 0.4 s at most for one that does not.
 */
export async function openPictures<Output extends TerminalOutput>(
  { stdin, output, env, platform, color, bytes }: PicturesPlace<Output>,
  call: Call,
): Promise<SittingPictures<Output>> {
  const depthBits = color ? (output.getColorDepth?.(env) ?? 1) : 1;
  const asked = askedProtocol(env);
  const isAskedInVain = asked === "none" || (asked === null && depthBits < 8) || env["TERM"] === "dumb";
  const answers = isAskedInVain ? NO_ANSWERS : await askTerminal(stdin, output);
  const screen = new PictureScreen<Output>(output);
  const mode = pictureMode(env, depthBits, answers);
  const decoder = new SharpPreviews();
  if (mode.protocol !== "none") void decoder.warm();
  const previews = new Previews({ mode, bytes, decoder, screen, call });
  const viewer = new Viewer({ env, platform, bytes, temporaryFolder: tmpdir(), start: startDetached });
  return {
    terminal: screen.terminal,
    Pictures: picturesFrom(previews),
    openInViewer: (picture) => viewer.open(picture, call),
    close: async () => {
      previews.close();
      await viewer.close();
    },
  };
}
