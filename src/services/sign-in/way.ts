import type { Call } from "../../ports/call.js";

/** How the owner's permission comes back: through a browser on this computer, one opened by hand, or by pasting. */
export type SignInWay = "browser" | "no-browser" | "paste";

export interface Question {
  readonly label: string;
  /** True for what must not be seen on the screen. */
  readonly hidden: boolean;
}

/** The person at the other end, as far as signing in needs one. */
export interface Person {
  /** Says something that must be read, whatever the flags. */
  tell(lines: readonly string[]): void;
  /** Opens an address in a browser; false where that did not work. */
  open(address: string): Promise<boolean>;
  /** Gives the answer, without spaces around it; null where nobody can be asked. Throws `cancelled`. */
  ask: ((question: Question, call: Call) => Promise<string>) | null;
  /** Gives one line that was typed or piped in, for what was to be pasted; null at the end of the input. */
  paste(question: Question, call: Call): Promise<string | null>;
}
