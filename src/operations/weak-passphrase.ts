import { encryptionMethod, type StoreSettings } from "../domain/preferences.js";
import type { Call } from "../ports/call.js";
import type { StoreSurroundings } from "./open-stores.js";
import { keptSecrets, saidSecrets } from "./sealed-secrets.js";

/** What is to be said of the passphrase that a store is locked by, where it is too short; null where it is not, or there is none. */
export async function weakPassphrase(
  store: string,
  settings: StoreSettings,
  surroundings: StoreSurroundings,
  call: Call,
): Promise<string | null> {
  if (settings.type !== "s3" || settings.encryption === undefined) return null;
  if (encryptionMethod(settings.encryption) !== "passphrase") return null;
  const said = saidSecrets(store, surroundings).passphrase;
  const passphrase = said ?? (await keptSecrets(store, surroundings, call)).passphrase;
  if (passphrase === undefined) return null;
  const { weakness } = await import("../stores/s3/sealing/key-file.js");
  return weakness(passphrase);
}
