import { grouped } from "./units.js";

const CENT_MICROS = 10_000;
const SIGNS: Readonly<Record<string, string>> = { USD: "$", EUR: "€", GBP: "£" };

/** Millionths of a currency as people write a price: `$1,234.50`, `0.50 CHF`, `< €0.01` where it would look like nothing. */
export function money(micros: number, currency: string): string {
  const cents = Math.round(micros / CENT_MICROS);
  if (cents === 0 && micros > 0) return `< ${money(CENT_MICROS, currency)}`;
  const digits = `${grouped(Math.floor(cents / 100))}.${String(cents % 100).padStart(2, "0")}`;
  const sign = SIGNS[currency];
  return sign === undefined ? `${digits} ${currency}` : `${sign}${digits}`;
}
