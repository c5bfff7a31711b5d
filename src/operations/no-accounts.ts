import type { Accounts } from "./discover-accounts.js";

/** What `discover` asks of the accounts that it reads. */
export type LiveAccounts = Pick<
  Accounts,
  "isAny" | "sources" | "names" | "failures" | "wholeFailure" | "advanced" | "remember" | "results" | "close"
>;

/** For a run that reads no account, so that nothing of what talks to services has to be loaded. */
export const NO_ACCOUNTS: LiveAccounts = {
  isAny: false,
  sources: [],
  names: [],
  failures: [],
  wholeFailure: () => null,
  advanced: (state) => state,
  remember: async () => {},
  results: () => [],
  close: async () => {},
};
