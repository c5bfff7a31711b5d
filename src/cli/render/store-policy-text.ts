import type { StorePolicyResult } from "../../operations/stores/store-results.js";
import { wrap } from "../../text/lines.js";

/** The policy alone, as AWS takes it. */
export const renderStorePolicy = ({ policy }: StorePolicyResult): string =>
  `${JSON.stringify(policy, null, 2)}\n`;

/** What the names of the actions and the spaces around them take. */
const COLUMNS = 36;
const WIDEST = 100;

/** What each action of the policy is needed for, in lines of at most `columns`. */
export function reasonLines({ reasons }: StorePolicyResult, columns: number): readonly string[] {
  return [
    "What each action is needed for:",
    ...reasons.flatMap(({ action, needed_for }) =>
      wrap(needed_for, Math.min(columns, WIDEST) - COLUMNS).map(
        (line, index) => `  ${(index === 0 ? action : "").padEnd(COLUMNS - 2)}${line}`,
      ),
    ),
    "",
  ];
}
