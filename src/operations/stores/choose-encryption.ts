import { randomBytes } from "node:crypto";
import { PhotosyncError } from "../../domain/errors.js";
import type { StoreEncryption } from "../../domain/preferences.js";
import type { SecretFields } from "../../ports/secrets.js";
import { weakness } from "../../stores/s3/sealing/key-file.js";
import type { Asker } from "./asker.js";
import type { SecretSource } from "./choose-keys.js";
import { type GivenStore, isOpen, missing } from "./new-store.js";

export interface ChosenEncryption {
  readonly encryption: StoreEncryption | null;
  /** What was typed, piped in or made up, to be kept. */
  readonly fields: SecretFields;
}

/** Thirty-one characters that nobody mistakes for each other. */
const ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";
const GROUPS = 6;
const GROUP = 5;

const WITHOUT_IT =
  "Without it nothing in this store can be read again, by you or by anybody, ever: keep it somewhere else than on this computer as well.";

/** A passphrase that no machine guesses: thirty characters, some 148 bits. */
export function madeUpPassphrase(): string {
  const groups: string[] = [];
  while (groups.length < GROUPS) {
    // Bytes from the end of the range would favour the first ones.
    const most = 256 - (256 % ALPHABET.length);
    const drawn = [...randomBytes(GROUP * 3)].filter((byte) => byte < most).slice(0, GROUP);
    if (drawn.length === GROUP) groups.push(drawn.map((byte) => ALPHABET[byte % ALPHABET.length]).join(""));
  }
  return groups.join("-");
}

/**
 * Whether, and to whom, a new store is encrypted on this computer. `known` is what the environment or the keychain has already. Throws
 * `store.missing`, `store.bad-passphrase` (user).
 */
export async function chooseEncryption(
  given: GivenStore,
  known: SecretFields,
  { secret, asker }: { readonly secret: SecretSource; readonly asker: Asker | null },
): Promise<ChosenEncryption> {
  const method =
    given.encryption ?? (given.recipients.length > 0 ? "recipients" : await wanted(given, asker));
  if (method === "none") return { encryption: null, fields: {} };
  if (method === "passphrase") {
    const fields = known["passphrase"] ? {} : { passphrase: await choosePassphrase(secret, asker) };
    return { encryption: { method: "passphrase" }, fields };
  }
  const recipients =
    given.recipients.length > 0
      ? given.recipients
      : ((await asker?.line("Recipients (age1…), with spaces between")) ?? "")
          .split(/[\s,]+/)
          .filter(Boolean);
  if (recipients.length === 0) throw missing(["--recipient age1…"]);
  if (known["identity"]) return { encryption: { method: "recipients", recipients }, fields: {} };
  asker?.tell("", `An identity (AGE-SECRET-KEY-…) of one of them opens the store. ${WITHOUT_IT}`);
  const identity = await secret("Identity", { isHidden: true });
  return {
    encryption: { method: "recipients", recipients },
    fields: identity === "" ? {} : { identity },
  };
}

async function wanted(given: GivenStore, asker: Asker | null): Promise<"none" | "passphrase" | "recipients"> {
  if (asker === null || !isOpen(given)) return "none";
  return asker.choose(
    "Encrypt everything on this computer before it goes there?",
    [
      { value: "none" as const, text: "No: whoever opens the bucket can look at the photos" },
      { value: "passphrase" as const, text: "Yes, with a passphrase" },
      { value: "recipients" as const, text: "Yes, to age recipients whose identities you keep" },
    ],
    "none",
  );
}

async function choosePassphrase(secret: SecretSource, asker: Asker | null): Promise<string> {
  if (asker === null) return checked(await secret("Passphrase", { isHidden: true }));
  asker.tell("", `A passphrase opens the store. ${WITHOUT_IT}`);
  const way = await asker.choose(
    "The passphrase:",
    [
      { value: "made-up" as const, text: "Make one up and show it to me once" },
      { value: "own" as const, text: "I type one of my own" },
    ],
    "made-up",
  );
  if (way === "made-up") {
    const passphrase = madeUpPassphrase();
    asker.tell("", `  ${passphrase}`, "", "It is shown this once. Write it down now.");
    await asker.line("Press Enter when you have it");
    return passphrase;
  }
  for (;;) {
    const passphrase = await asker.hidden("Passphrase");
    const weak = passphrase === "" ? null : weakness(passphrase);
    if (weak !== null) asker.tell(weak);
    else if ((await asker.hidden("The same again")) === passphrase) return checked(passphrase);
    else asker.tell("The two were not the same.");
  }
}

function checked(passphrase: string): string {
  if (passphrase === "") throw missing(["PHOTOSYNC_PASSPHRASE in the environment"]);
  const weak = weakness(passphrase);
  if (weak !== null)
    throw badPassphrase(weak, "For a store that was made with it already, set PHOTOSYNC_PASSPHRASE.");
  return passphrase;
}

const badPassphrase = (why: string, ...next: readonly string[]): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: "store.bad-passphrase",
    message: `${why} Nothing was added.`,
    next: ["Run the same command again, and give another one.", ...next],
  });
