import { PhotosyncError } from "../../../domain/errors.js";
import { unavailable } from "../../../infra/http/failures.js";
import type { Call } from "../../../ports/call.js";
import { STORE_CODES } from "../requests/s3-errors.js";
import { KEY_FILE } from "./sealing.js";

/** Under this lies what computers write that begin a store at once. */
export const ELECTION = "k/";

/** Where several computers begin a store: small objects that none can write on condition that nobody else has. */
export interface SharedGround {
  /** 16 hexadecimal digits that nobody else has, and this computer for this one attempt. */
  readonly self: string;
  /** Puts an object in the place of what has its name. */
  put(name: string, bytes: Uint8Array, call: Call): Promise<void>;
  /** Null where there is none. */
  read(name: string, call: Call): Promise<Uint8Array | null>;
  /** What there is under `k/`; everything that was put before this was called is among it. */
  names(call: Call): Promise<readonly string[]>;
  /** May fail for want of a permission. */
  remove(name: string, call: Call): Promise<void>;
  /** Waits for as long as a listing may lag behind. */
  settle(call: Call): Promise<void>;
  /** Waits by chance, up to about as long as this attempt has taken so far, so that one of several comes to its end. */
  yieldToOthers(call: Call): Promise<void>;
}

/** One computer's attempt to have a key chosen. Of two, the higher round is the later one. */
interface Ballot {
  readonly round: number;
  readonly by: string;
  /** Whose key it is for; null while that is not known. */
  readonly choice: string | null;
}

const nameOf = ({ round, by, choice }: Ballot): string =>
  `${ELECTION}${[String(round).padStart(6, "0"), by, ...(choice === null ? [] : [choice])].join(".")}`;
const candidateOf = (by: string): string => `${ELECTION}${by}.age`;

function ballotOf(name: string): Ballot | null {
  const [, round, by, choice] = /^k\/(\d{6})\.([0-9a-f]{16})(?:\.([0-9a-f]{16}))?$/.exec(name) ?? [];
  return round === undefined || by === undefined
    ? null
    : { round: Number(round), by, choice: choice ?? null };
}

const isLater = (a: Ballot, b: Ballot): boolean => a.round > b.round || (a.round === b.round && a.by > b.by);

/** Computers hinder each other by chance, and each turn makes that less likely. */
const MOST_TURNS = 12;

/**
 * Makes one computer's key file `key.age` where several begin at once and the server knows no conditions; whichever it is, all who call this use
 * that one afterwards. Needs no clock, waits for nobody, and may be cut short anywhere: it is Paxos with names of objects for the
 * registers (E. Gafni, L. Lamport, "Disk Paxos", 2003, with one disk). Who found no later ballot after writing that a key was accepted
 * has its key chosen, for every later ballot sees that and takes it over. What was written for it is removed once `key.age` stands, and nobody
 * acts on a listing without having looked for `key.age` after it. Throws `store.unavailable` (transient) where others come between again and again.
 */
export async function agreeOnKey(mine: Uint8Array, ground: SharedGround, call: Call): Promise<void> {
  await ground.put(candidateOf(ground.self), mine, call);
  const choice = await elect(ground, call);
  const bytes = choice === null ? null : await ground.read(candidateOf(choice), call);
  // Gone with the rest of the election: then `key.age` stands.
  if (bytes !== null) await ground.put(KEY_FILE, bytes, call);
  await clear(ground, call);
}

/** Whose key is chosen; null where `key.age` stands by now. */
async function elect(ground: SharedGround, call: Call): Promise<string | null> {
  const { self: by } = ground;
  /** The ballots that are there, or null for nothing to be concluded from them. */
  const look = async (): Promise<readonly Ballot[] | null> => {
    const names = await ground.names(call);
    return (await ground.read(KEY_FILE, call)) === null
      ? names.flatMap((name) => ballotOf(name) ?? [])
      : null;
  };
  let seen = await look();
  for (let turn = 0; turn < MOST_TURNS && seen !== null; turn++) {
    const entered: Ballot = { round: 1 + Math.max(0, ...seen.map(({ round }) => round)), by, choice: null };
    const stands = async (ballot: Ballot) => {
      await ground.put(nameOf(ballot), new TextEncoder().encode("\n"), call);
      await ground.settle(call);
      seen = await look();
      return seen !== null && !seen.some((each) => isLater(each, ballot));
    };
    if (await stands(entered)) {
      const accepted = (seen ?? []).filter(({ choice }) => choice !== null);
      const [last] = accepted.sort((a, b) => (isLater(a, b) ? -1 : 1));
      const choice = last?.choice ?? by;
      if (await stands({ ...entered, choice })) return choice;
    }
    if (seen !== null) await ground.yieldToOthers(call);
  }
  if (seen === null) return null;
  throw unavailable({
    account: STORE_CODES,
    message: "Several computers are making a key for the store at once, and none of them came to its end.",
  });
}

/** What is left of it does no harm. */
async function clear(ground: SharedGround, call: Call): Promise<void> {
  try {
    for (const name of await ground.names(call)) await ground.remove(name, call);
  } catch (error) {
    if (!(error instanceof PhotosyncError) || error.kind === "bug" || error.kind === "cancelled") throw error;
  }
}
