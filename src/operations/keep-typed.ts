import { accountOf } from "../infra/secrets/store-account.js";
import type { Call } from "../ports/call.js";
import type { Origin } from "./open-origin.js";
import type { StoreSurroundings } from "./open-stores.js";

/**
 * Keeps what a person typed to open a store where this user's secrets are kept, as adding that store would have, so that the next command opens it,
 * too. The notes on it; none where nothing was typed.
 */
export async function keepTyped(
  { name, typed }: Origin,
  surroundings: StoreSurroundings,
  call: Call,
): Promise<readonly string[]> {
  if (Object.keys(typed).length === 0) return [];
  const { storeSecrets } = await import("./store-keys.js");
  const secrets = storeSecrets([name], surroundings, call);
  const known = await secrets.read(accountOf(name));
  const kept = await secrets.write(accountOf(name), { ...known?.fields, ...typed });
  return [
    kept === "keychain"
      ? `What opens store ${name} is kept in this computer's keychain.`
      : `What opens store ${name} is kept in a file that only you can read, for this computer has no keychain that answers.`,
  ];
}
