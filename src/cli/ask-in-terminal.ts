import type { Sitting } from "../operations/sitting.js";
import type { Call } from "../ports/call.js";
import type { Clock } from "../ports/phase.js";
import { openPictures } from "../ui/pictures/open-pictures.js";
import type { SittingEnd } from "../ui/resolver/contract.js";
import { runResolver } from "../ui/resolver/run-resolver.js";
import { environment } from "./environment.js";

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
  const color = !noColor && stderr.hasColors();
  const { questions, decided } = sitting;
  const pictures = await openPictures(
    { stdin, output: stderr, env: environment(), platform: process.platform, color, bytes: sitting },
    call,
  );
  try {
    return await runResolver(
      {
        questions,
        decided,
        onDecide: (decisions) => sitting.decide(decisions),
        onTakeBack: (ids) => sitting.takeBack(ids),
        Pictures: pictures.Pictures,
        openInViewer: pictures.openInViewer,
        now: () => clock.now(),
      },
      { stdin, stderr: pictures.terminal, color },
      call,
    );
  } finally {
    await pictures.close();
  }
}
