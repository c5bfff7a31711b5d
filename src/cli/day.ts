/** Days in a month of the Gregorian calendar; `month` counts from 1. */
export const lastDay = (year: number, month: number): number =>
  new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();

/**
 * The day that a person means by `2024`, `2024-01` or `2024-01-15`: the first or the last one of that span,
 * as `2024-01-15`. Null for anything else and for days that do not exist.
 */
export function parseDay(text: string, edge: "first" | "last"): string | null {
  const match = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$/.exec(text.trim());
  if (match === null) return null;
  const [year, month, day] = [match[1] ?? "", match[2], match[3]];
  if (Number(year) < 1) return null;
  const wholeMonth = month ?? (edge === "first" ? "01" : "12");
  if (Number(wholeMonth) < 1 || Number(wholeMonth) > 12) return null;
  const longest = lastDay(Number(year), Number(wholeMonth));
  const wholeDay = day ?? (edge === "first" ? "01" : String(longest).padStart(2, "0"));
  if (Number(wholeDay) < 1 || Number(wholeDay) > longest) return null;
  return `${year}-${wholeMonth}-${wholeDay}`;
}
