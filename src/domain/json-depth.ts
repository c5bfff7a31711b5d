/**
 * True where lists and objects stand inside each other more than `levels` deep. Walks without recursion, so that hostile
 * nesting, which would exhaust the stack of whoever prints or compares the value, is found out here.
 */
export function isDeeperThan(value: unknown, levels: number): boolean {
  const waiting: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next.value !== "object" || next.value === null) continue;
    if (next.depth >= levels) return true;
    for (const inner of Object.values(next.value))
      if (typeof inner === "object" && inner !== null) waiting.push({ value: inner, depth: next.depth + 1 });
  }
  return false;
}
