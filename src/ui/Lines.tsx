import { Text } from "ink";
import type { ReactNode } from "react";
import { draw, type Line } from "./cells.js";

/** Lines that fit already, one row each. */
export function Lines({
  lines,
  color,
}: {
  readonly lines: readonly Line[];
  readonly color: boolean;
}): ReactNode {
  return lines.map((line, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a line is nothing but its row
    <Text key={index} wrap="truncate">
      {draw(line, color)}
    </Text>
  ));
}
