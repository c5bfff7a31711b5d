/**
 * Where the facts leave a choice, or a limit that a test wants smaller. The defaults are what is documented, and where nothing is
 * documented, what a careless client would trip over.
 */
export interface GoogleSettings {
  /** Requests a day of the Library API, uploads included, for each client's project. */
  libraryPerDay: number;
  /** Bytes requests a day from base URLs. */
  basePerDay: number;
  /** Seen as 30 in 2023 to 2025; not confirmed any more. */
  writesPerMinute: number;
  pickerPerMinute: number;
  /** Pages hold fewer than asked for, at times none, and go on all the same. */
  hasRaggedPages: boolean;
  /** An item is in lists and searches only so long after it was made. `get` has it at once. */
  listLagMs: number;
  /** How long a batchCreate takes by the computer's clock; another one of the user meanwhile is refused. */
  batchCreateMs: number;
  /** Whether a second batchCreate may use an upload token again; not documented. */
  areTokensReusable: boolean;
  /** What a pair of session and poll says: `pollInterval` and `timeoutIn`, in seconds. */
  poll: { intervalS: number; timeoutS: number };
  openSessions: number;
  sessionLifeMs: number;
  /** What an unknown or a foreign id is answered with; not documented, so they differ here. */
  inaccessible: { unknown: 400 | 403 | 404; foreign: 400 | 403 | 404 };
}

export const defaultSettings = (): GoogleSettings => ({
  libraryPerDay: 10_000,
  basePerDay: 75_000,
  writesPerMinute: Number.POSITIVE_INFINITY,
  pickerPerMinute: 100_000,
  hasRaggedPages: false,
  listLagMs: 0,
  batchCreateMs: 0,
  areTokensReusable: false,
  poll: { intervalS: 5, timeoutS: 1800 },
  openSessions: 10,
  sessionLifeMs: 7 * 24 * 3_600_000,
  inaccessible: { unknown: 404, foreign: 403 },
});
