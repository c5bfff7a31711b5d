/** Passed to every operation that may wait: an abort ends it at the next safe point with the code `cancelled`. */
export interface Call {
  readonly signal: AbortSignal;
}
