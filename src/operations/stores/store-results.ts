import type { StoreSettings } from "../../domain/preferences.js";
import type { OperationResult } from "../results.js";
import type { IamPolicy, PolicyReason } from "./store-policy.js";

/** One thing that was tried on a store. */
export interface StoreTrial {
  /** What was tried, as people say it: `write objects`. */
  readonly deed: string;
  /** The permission that it takes: `s3:PutObject`; null where it is not one of a policy's. */
  readonly action: string | null;
  /** `unknown`: the server does not know such a request, or there was nothing to try it on. */
  readonly outcome: "ok" | "missing" | "unknown";
  /** False where photosync can do without. */
  readonly needed: boolean;
}

/** What a server can do for the proof of what it keeps, and what that means. */
export interface ServerAbility {
  /** A stable word: `checks-bodies`, `keeps-checksums`, `conditional-put`, `conditional-complete`, `storage-class`, `reads-back`. */
  readonly name: string;
  readonly holds: boolean;
  /** What that means, in a sentence. */
  readonly meaning: string;
}

/** What trying a store came to. */
export interface StoreTest {
  readonly name: string;
  /** Where it is, as `recover` takes it. */
  readonly url: string;
  /** `new`: nothing shows that it was ever used. */
  readonly standing: "ready" | "new";
  readonly trials: readonly StoreTrial[];
  readonly abilities: readonly ServerAbility[];
}

export interface StoreAddResult extends OperationResult {
  readonly name: string;
  readonly url: string;
  /** What `config/user-preferences.json` says of it now. */
  readonly settings: StoreSettings;
  /** What opens it: keys from the environment or kept on this computer, an AWS profile, the machine's role; null for a folder. */
  readonly opened_by: "environment" | "keychain" | "file" | "profile" | "machine-role" | null;
  /** The bucket that was made for it; null where it was there already. */
  readonly bucket: {
    readonly name: string;
    readonly public_access_blocked: boolean;
    readonly versioned: boolean | null;
  } | null;
  /** Null where it was not wanted. */
  readonly test: StoreTest | null;
  readonly notes: readonly string[];
}

export interface StoreTestResult extends OperationResult {
  readonly counts: { readonly tested: number; readonly ok: number; readonly failed: number };
  readonly tests: readonly StoreTest[];
}

export interface ListedStore {
  readonly name: string;
  /** `local`, a preset's name, or `s3`; null for a store that only documents speak of. */
  readonly kind: string | null;
  readonly url: string | null;
  /** `forgotten`: documents record replicas there, and the configuration knows no such store. */
  readonly state: "enabled" | "disabled" | "forgotten";
  readonly primary: boolean;
  readonly storage_class: string | null;
  /** `passphrase`, `recipients`, by the server `AES256` or `aws:kms`; null where it is not encrypted. */
  readonly encryption: string | null;
  /** RFC 3339: when every byte there was last read and hashed on this computer. */
  readonly last_verify: string | null;
  readonly blobs: number;
  readonly bytes: number;
  /** Null where nobody looked. */
  readonly reachable: boolean | null;
  readonly note: string | null;
}

export interface StoreListResult extends OperationResult {
  readonly counts: { readonly stores: number; readonly blobs: number; readonly bytes: number };
  readonly stores: readonly ListedStore[];
}

export interface StoreRemoveResult extends OperationResult {
  readonly counts: {
    /** Replicas that the documents record there; they stay recorded, and count for nothing. */
    readonly replicas: number;
    /** Originals and variants that no other configured store holds. */
    readonly only_there: number;
  };
  readonly name: string;
  readonly url: string;
  /** The store whose copies `source_of_truth_path` names from now on; null where that did not change. */
  readonly primary: string | null;
  readonly notes: readonly string[];
}

export interface StoreRekeyResult extends OperationResult {
  readonly counts: { readonly changed: number };
  readonly name: string;
  readonly url: string;
  /** Where the key file from before is kept; null where none was written. */
  readonly kept_as: string | null;
  readonly notes: readonly string[];
}

export interface StorePolicyResult extends OperationResult {
  readonly policy: IamPolicy;
  /** What each action is needed for. */
  readonly reasons: readonly PolicyReason[];
}
