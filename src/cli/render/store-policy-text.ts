import type { StorePolicyResult } from "../../operations/stores/store-results.js";
import { wrap } from "../../text/lines.js";

/** The policy alone, as AWS takes it. */
export const renderStorePolicy = ({ policy }: StorePolicyResult): string =>
  `${JSON.stringify(policy, null, 2)}\n`;

const COLUMNS = 34;

/** What each action of the policy is needed for. */
export function reasonLines({ reasons }: StorePolicyResult): readonly string[] {
  return [
    "What each action is needed for:",
    ...reasons.flatMap(({ action, needed_for }) =>
      wrap(needed_for, 100 - COLUMNS).map(
        (line, index) => `  ${(index === 0 ? action : "").padEnd(COLUMNS)}${line}`,
      ),
    ),
    "",
  ];
}
