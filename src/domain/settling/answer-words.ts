import type { Answer } from "./decision.js";
import { holdersOwn } from "./holder-names.js";

/** An answer in a few words, for lists of what was decided. */
export function answerWords(answer: Answer): string {
  switch (answer.kind) {
    case "holder":
      return holdersOwn([answer.holder]);
    case "combine":
      return "all together";
    case "rule":
      return `by the rule ${answer.rule}`;
    case "value":
      return answer.value === null ? "none" : "a value of your own";
    case "same":
      return "one picture";
    case "different":
      return "two pictures";
    case "split":
      return "other pictures";
    case "level":
      return answer.level;
    case "accept":
      return "leave it so";
  }
}
