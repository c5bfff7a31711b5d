import { Text } from "ink";
import type { ReactNode } from "react";
import type { Line } from "./cells.js";

/** Lines, one row each. */
export function Lines({
  lines,
  put,
}: {
  readonly lines: readonly Line[];
  /** Gives what stands for a line in its row, and fits. */
  readonly put: (line: Line) => string;
}): ReactNode {
  return lines.map((line, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a line is nothing but its row
    <Text key={index} wrap="truncate">
      {put(line)}
    </Text>
  ));
}
