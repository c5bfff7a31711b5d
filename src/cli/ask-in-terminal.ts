import { SharpPreviews } from "../infra/media/sharp-previews.js";
import type { Sitting } from "../operations/sitting.js";
import type { Call } from "../ports/call.js";
import type { Clock } from "../ports/phase.js";
import { askTerminal } from "../ui/pictures/ask-terminal.js";
import { pictureMode } from "../ui/pictures/picture-mode.js";
import { PictureScreen } from "../ui/pictures/picture-screen.js";
import { picturesFrom } from "../ui/pictures/pictures.js";
import { Previews } from "../ui/pictures/previews.js";
import type { SittingEnd } from "../ui/resolver/contract.js";
import { runResolver } from "../ui/resolver/run-resolver.js";
import { environment } from "./environment.js";
import { openBrowser } from "./open-browser.js";

/** Opens a picture's file in the system's viewer; says why that is not possible, else null. */
async function inViewer(file: string | null): Promise<string | null> {
  if (file === null) return "no file on this computer has it";
  // Whatever shows web pages is not asked: it may be a browser for text.
  const { BROWSER: _, ...env } = environment();
  const isOpen = await openBrowser(file, { env, platform: process.platform });
  return isOpen ? null : "there is no screen here to show it on";
}

/**
 * Puts the questions of a sitting to the person at this process's terminal, pictures included as far as it can show them. It is drawn
 * on standard error. Throws whatever the sitting throws.
 */
export async function askInTerminal(
  sitting: Sitting,
  { noColor, clock }: { readonly noColor: boolean; readonly clock: Clock },
  call: Call,
): Promise<SittingEnd> {
  const { stdin, stderr } = process;
  const answers = await askTerminal(stdin, stderr);
  const depthBits = noColor ? 1 : stderr.getColorDepth();
  const screen = new PictureScreen(stderr);
  const previews = new Previews({
    mode: pictureMode(environment(), depthBits, answers),
    bytes: sitting,
    decoder: new SharpPreviews(),
    screen,
    call,
  });
  const { questions, decided } = sitting;
  return runResolver(
    {
      questions,
      decided,
      onDecide: (decisions) => sitting.decide(decisions),
      onTakeBack: (ids) => sitting.takeBack(ids),
      Pictures: picturesFrom(previews),
      openInViewer: async (picture) => inViewer(await sitting.fileOf(picture)),
      now: () => clock.now(),
    },
    { stdin, stderr: screen.terminal, color: depthBits > 1 },
    call,
  );
}
