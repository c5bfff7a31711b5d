import type { Run } from "../../ports/phase.js";
import type { S3Requests } from "../../stores/s3/requests/s3-requests.js";
import { listBuckets, type MadeBucket, makeBucket } from "../../stores/s3/settings/s3-account.js";
import { s3PlaceOf } from "../../stores/s3/settings/s3-place.js";
import { type Asker, objectionOf } from "./asker.js";
import { type GivenStore, missing } from "./new-store.js";

export interface ChosenBucket {
  readonly name: string;
  /** How it is to be made; null where it is there. */
  readonly make: { readonly versioned: boolean } | null;
}

/** More would push the question off the screen. */
const MOST_SHOWN = 40;

/** Takes the bucket that the flags name, or lets the person pick one of the account's or name a new one. Throws `store.missing` (user). */
export async function chooseBucket(
  given: GivenStore,
  requests: S3Requests,
  asker: Asker | null,
  run: Run,
): Promise<ChosenBucket> {
  const make = { versioned: given.versioning };
  if (given.bucket !== undefined && given.versioning && !given.create)
    throw missing(["--create, for --versioning is about a new bucket"]);
  if (given.bucket !== undefined) return { name: given.bucket, make: given.create ? make : null };
  if (asker === null) throw missing(["--bucket NAME"]);
  const names = await listBuckets(requests, run);
  if (names === null)
    asker.tell("", "These keys may not list the buckets of the account: type the name of one.");
  else if (names.length === 0) asker.tell("", "The account has no bucket yet.");
  else if (names.length > MOST_SHOWN)
    asker.tell("", `The account has ${names.length} buckets: type the name of one.`);
  if (names !== null && names.length > 0 && names.length <= MOST_SHOWN) {
    const picked = await asker.choose(
      "Which bucket?",
      [...names.map((name) => ({ value: name, text: name })), { value: null, text: "Make a new one" }],
      names[0] ?? null,
    );
    if (picked !== null) return { name: picked, make: null };
  }
  const isBucket = objectionOf((bucket) => s3PlaceOf(null, { type: "s3", bucket }));
  const name = await asker.line(names === null ? "Bucket" : "Name of the bucket", "", isBucket);
  if (name === "") throw missing(["--bucket NAME"]);
  const isThere = names?.includes(name) ?? !(await asker.isAgreed("Shall it be made?", false));
  if (isThere) return { name, make: null };
  const versioned =
    given.versioning || (await asker.isAgreed("Keep older versions there, too? They cost room", false));
  return { name, make: { versioned } };
}

/** Makes the bucket where it is to be made, and says what came of it. */
export async function makeChosen(
  { make }: ChosenBucket,
  requests: S3Requests,
  run: Run,
): Promise<MadeBucket | null> {
  return make === null ? null : makeBucket(requests, make, run);
}
