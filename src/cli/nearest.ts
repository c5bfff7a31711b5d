/** Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours count one each. */
function distance(left: string, right: string): number {
  const rows: number[][] = [Array.from({ length: right.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1];
      let least = Math.min(
        (rows[row - 1]?.[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (rows[row - 1]?.[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (swapped && row > 1 && column > 1) least = Math.min(least, (rows[row - 2]?.[column - 2] ?? 0) + 1);
      current.push(least);
    }
    rows.push(current);
  }
  return rows[left.length]?.[right.length] ?? 0;
}

/** The known word that `typed` was most likely meant to be, or null when none is within a third of its length. */
export function nearest(typed: string, known: readonly string[]): string | null {
  const allowed = Math.max(1, Math.floor(typed.length / 3));
  let best: { readonly word: string; readonly distance: number } | null = null;
  for (const word of known) {
    if (Math.abs(word.length - typed.length) > allowed) continue;
    const gap = distance(typed, word);
    if (gap <= allowed && (best === null || gap < best.distance)) best = { word, distance: gap };
  }
  return best?.word ?? null;
}
