import type { ForgetOptions } from "../operations/forget.js";
import type { SetVisibilityOptions } from "../operations/set-visibility.js";
import type { Person } from "../services/sign-in/way.js";
import { forgetLines } from "./render/forget-text.js";
import { wideningLines } from "./render/visibility-text.js";

/**
 * Asks a person whether more people may see a photo: yes is the level's name, written out, and everything else is no. Null
 * where nobody can be asked.
 */
export function confirmAt({ ask, tell }: Pick<Person, "ask" | "tell">): SetVisibilityOptions["confirm"] {
  if (ask === null) return null;
  return async (question, run) => {
    tell(wideningLines(question));
    const label = `Type ${question.to} if that is what you want, anything else if not`;
    return (await ask({ label, hidden: false }, run)).toLowerCase() === question.to;
  };
}

/** Shows a person what is about to be deleted and has the photo id typed; null where nobody can be asked. */
export function confirmForgetting({ ask, tell }: Pick<Person, "ask" | "tell">): ForgetOptions["confirm"] {
  if (ask === null) return null;
  return async (planned, run) => {
    tell(forgetLines(planned));
    const label = `Type the photo id, ${planned.photo_id}, to delete it for good, anything else to keep it`;
    return (await ask({ label, hidden: false }, run)).trim().toLowerCase();
  };
}
