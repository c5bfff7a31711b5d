import { PhotosyncError } from "../../domain/errors.js";
import { cancelled } from "../../infra/until-aborted.js";
import type { Call } from "../../ports/call.js";
import type { Person } from "../../services/sign-in/way.js";
import { shown } from "../../text/lines.js";

/** One of several things to choose from. */
export interface Choice<T> {
  readonly value: T;
  readonly text: string;
}

/** Why an answer cannot be taken; null where it can. */
export type Objection = (answer: string) => string | null;

/** What a check says of an answer that it throws at: what to give instead. */
export const objectionOf =
  (check: (answer: string) => unknown): Objection =>
  (answer) => {
    try {
      check(answer);
      return null;
    } catch (error) {
      if (!(error instanceof PhotosyncError) || error.kind !== "user") throw error;
      return error.next.join(" ");
    }
  };

/** Somebody who can be asked. */
export interface Asker {
  tell(...lines: readonly string[]): void;
  /**
   * What was typed; the fallback, shown in brackets, where nothing was. Asked again while `objection` says what is wrong with it; nothing at
   * all is taken as it is.
   */
  line(label: string, fallback?: string, objection?: Objection): Promise<string>;
  /** What was typed without being shown. */
  hidden(label: string): Promise<string>;
  /** By its number; the fallback where nothing was typed. Asked again until it is understood. */
  choose<T>(title: string, choices: readonly Choice<T>[], fallback: T): Promise<T>;
  isAgreed(label: string, fallback: boolean): Promise<boolean>;
}

/** Whoever answers nonsense so often is no person. */
const MOST_TURNS = 20;

/** Null where nobody can be asked. */
export function askerOf(person: Person, call: Call): Asker | null {
  const { ask } = person;
  if (ask === null) return null;
  const line = async (label: string, fallback = "", objection: Objection = () => null) => {
    for (let turn = 0; turn < MOST_TURNS; turn++) {
      const shownLabel = fallback === "" ? label : `${label} [${fallback}]`;
      const answer = (await ask({ label: shownLabel, hidden: false }, call)) || fallback;
      const wrong = answer === "" ? null : objection(answer);
      if (wrong === null) return answer;
      person.tell([wrong]);
    }
    throw cancelled(call);
  };
  return {
    tell: (...lines) => person.tell(lines),
    line,
    hidden: (label) => ask({ label, hidden: true }, call),
    async choose(title, choices, fallback) {
      const usual = choices.findIndex(({ value }) => value === fallback) + 1;
      const width = String(choices.length).length;
      person.tell([
        "",
        title,
        ...choices.map(({ text }, index) => `  ${String(index + 1).padStart(width)}  ${shown(text)}`),
      ]);
      for (let turn = 0; turn < MOST_TURNS; turn++) {
        const chosen = choices[Number(await line("Number", String(usual))) - 1];
        if (chosen !== undefined) return chosen.value;
        person.tell([`Type a number from 1 to ${choices.length}.`]);
      }
      throw cancelled(call);
    },
    async isAgreed(label, fallback) {
      for (let turn = 0; turn < MOST_TURNS; turn++) {
        const answer = (await line(`${label} (yes or no)`, fallback ? "yes" : "no")).toLowerCase();
        if (["y", "yes"].includes(answer)) return true;
        if (["n", "no"].includes(answer)) return false;
      }
      throw cancelled(call);
    },
  };
}
