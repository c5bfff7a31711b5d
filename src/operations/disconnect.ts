import { loadConfig } from "../control/config.js";
import { failureOf, PhotosyncError } from "../domain/errors.js";
import type { Run } from "../ports/phase.js";
import type { SignOut } from "../services/service-kit.js";
import type { DisconnectResult } from "./account-results.js";
import { type Surroundings, serviceAccount } from "./service-account.js";

export interface DisconnectOptions {
  readonly service: string;
  readonly surroundings: Surroundings;
}

/**
 * Ends the sign-in at the service, where it can be ended from here, and forgets it on this computer in any case, the application's key
 * included. The library is left as it is. A service that could not be told is a failure of the result: the tokens are gone from here, and
 * still good there. Throws `connect.unknown-service`, `connect.no-sign-in` (user), `secrets.keychain-locked`, `cancelled`.
 */
export async function disconnect(
  libraryRoot: string,
  { service: name, surroundings }: DisconnectOptions,
  run: Run,
): Promise<DisconnectResult> {
  const config = await loadConfig(libraryRoot);
  const { kit, provider, secrets, open } = await serviceAccount(
    libraryRoot,
    config,
    { name },
    surroundings,
    run,
  );
  const found = await secrets.read(name).catch((error: unknown) => {
    // What cannot be read can still be forgotten.
    if (error instanceof PhotosyncError && error.code === "secrets.damaged") return null;
    throw error;
  });
  const notes: string[] = [];
  const failures = [];
  let out: SignOut = { revoked: false, note: null };
  const isSignedIn = found !== null && kit.tokens.every((field) => found.fields[field]);
  if (isSignedIn) {
    try {
      out = await kit.signOut(open(), found.fields, run);
      if (out.note !== null) notes.push(out.note);
    } catch (error) {
      if (error instanceof PhotosyncError && error.kind === "cancelled") throw error;
      failures.push(failureOf(name, error));
    }
  }
  const forgotten = await secrets.forget(name);
  const after = await secrets.read(name);
  if (after !== null) {
    const variables = Object.keys(after.fields).map((field) => field.toUpperCase());
    notes.push(`The environment still has ${variables.join(", ")}; remove them there.`);
  }
  return {
    library: libraryRoot,
    dry_run: false,
    commit: null,
    counts: {},
    failures,
    outcome: failures.length > 0 ? "partial" : "done",
    account: name,
    provider,
    title: kit.title,
    revoked: out.revoked,
    forgotten,
    notes,
  };
}
