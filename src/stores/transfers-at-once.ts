/** Transfers at once to a store over a network, unless its settings say otherwise. */
export const TRANSFERS_AT_ONCE = 8;
