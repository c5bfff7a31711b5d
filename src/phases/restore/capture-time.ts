import { parseTakenDate } from "../../domain/taken-date.js";

/**
 * When a photo was taken, in milliseconds since 1970: in the zone that is recorded, else by this computer's clock, as a
 * camera's card is read. Null without a date.
 */
export function captureTime(takenDate: string | null): number | null {
  const parts = takenDate === null ? null : parseTakenDate(takenDate);
  if (parts === null) return null;
  const { wallClockMs, offsetMinutes } = parts;
  if (offsetMinutes !== null) return wallClockMs - offsetMinutes * 60_000;
  const clock = new Date(wallClockMs).toISOString().replace("Z", "");
  return new Date(clock).getTime();
}
