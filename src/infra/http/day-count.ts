import { appendFileSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { nextMidnightMs, zonedDay } from "./zoned-day.js";

export interface DayCountSettings {
  /** Where counts are kept, `.photosync/quota` of a library; null for nowhere. */
  readonly folder: string | null;
  /** True where counts are read and not written: a dry run leaves the library as it is, caches included. */
  readonly onlyReads?: boolean;
  readonly account: string;
  /** The time zone whose midnight ends the day (IANA name). */
  readonly zone: string;
  readonly nowMs: () => number;
}

/**
 * Counts requests of a day over all processes that use a library: one file for each account and day, one byte a request.
 * Appending needs no lock, cannot be torn by a crash, and nothing has to be parsed. A file that cannot be kept (a read-only disk) is no
 * reason to fail: the count of this process goes on in memory.
 */
export class DayCount {
  readonly #settings: DayCountSettings;
  #day = "";
  #ownUnwritten = 0;

  constructor(settings: DayCountSettings) {
    this.#settings = settings;
  }

  used(): number {
    const path = this.#today();
    const written = path === null ? 0 : sizeOf(path);
    return written + this.#ownUnwritten;
  }

  spend(requests: number): void {
    const path = this.#today();
    const mayWrite = path !== null && this.#settings.onlyReads !== true;
    if (!mayWrite || !appends(path, ".".repeat(requests))) this.#ownUnwritten += requests;
  }

  /** When the count begins again, milliseconds since 1970. */
  resetsAtMs(): number {
    return nextMidnightMs(this.#settings.nowMs(), this.#settings.zone);
  }

  #today(): string | null {
    const { folder, account, zone, nowMs, onlyReads } = this.#settings;
    const day = zonedDay(nowMs(), zone);
    const isNewDay = day !== this.#day;
    this.#day = day;
    if (isNewDay) this.#ownUnwritten = 0;
    if (folder === null) return null;
    if (isNewDay && onlyReads !== true) makeReady(folder, account, day);
    return join(folder, `${account}.${day}`);
  }
}

function appends(path: string, text: string): boolean {
  try {
    appendFileSync(path, text);
    return true;
  } catch {
    return false;
  }
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}

/** Makes the folder, and clears away the counts of days gone by. */
function makeReady(folder: string, account: string, today: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder)) {
      const day = name.startsWith(`${account}.`) ? name.slice(account.length + 1) : "";
      if (/^\d{4}-\d\d-\d\d$/.test(day) && day < today) rmSync(join(folder, name), { force: true });
    }
  } catch {
    // See the class: counting in memory will do.
  }
}
