import type { StoreSettings, UserPreferences } from "../../domain/preferences.js";
import { encryptionMethod, namedSettings } from "../../domain/preferences.js";
import { storeUrl } from "../../domain/store-url.js";
import type { Catalog } from "../../ports/catalog.js";
import type { ControlPlane } from "../../ports/control-plane.js";
import type { Run } from "../../ports/phase.js";
import { type ConfiguredStore, namedStores, type StoreSurroundings } from "../open-stores.js";
import { type Session, withSession } from "../session.js";
import type { ListedStore, StoreListResult } from "./store-results.js";

/** Every store that the configuration or a document names, sorted by name; with `check` each enabled one is asked whether it is there. */
export function listStores(
  libraryRoot: string,
  control: ControlPlane,
  options: { readonly check: boolean; readonly surroundings: StoreSurroundings },
  run: Run,
): Promise<StoreListResult> {
  return withSession(libraryRoot, control, "store", "read", run, async (session) => {
    const { catalog, config } = session;
    const sums = sumsOf(catalog);
    const settings = namedSettings(config.preferences);
    const enabled = new Map(
      namedStores(config.preferences, libraryRoot, options.surroundings).map((each) => [each.name, each]),
    );
    const names = [...new Set([...settings.keys(), ...sums.keys()])].sort();
    const stores = await Promise.all(
      names.map(async (name): Promise<ListedStore> => {
        const { blobs, bytes } = sums.get(name) ?? { blobs: 0, bytes: 0 };
        const configured = enabled.get(name);
        const looked =
          configured === undefined || !options.check ? UNSEEN : await look(configured, blobs, run);
        return { ...factsOf(name, settings.get(name), configured, session), blobs, bytes, ...looked };
      }),
    );
    return {
      library: libraryRoot,
      dry_run: false,
      commit: null,
      counts: { stores: stores.length, blobs: catalog.sums().blobs, bytes: catalog.sums().bytes },
      failures: [],
      outcome: "done",
      stores,
    };
  });
}

interface Sum {
  blobs: number;
  bytes: number;
}

function sumsOf(catalog: Catalog): ReadonlyMap<string, Sum> {
  const sums = new Map<string, Sum>();
  for (const row of catalog.rows()) {
    for (const blob of row.blobs) {
      for (const store of Object.keys(blob.stores)) {
        const sum = sums.get(store) ?? { blobs: 0, bytes: 0 };
        sum.blobs++;
        sum.bytes += blob.bytes;
        sums.set(store, sum);
      }
    }
  }
  return sums;
}

const UNSEEN = { reachable: null, note: null };

async function look(
  { store, badPlace }: ConfiguredStore,
  blobs: number,
  run: Run,
): Promise<Pick<ListedStore, "reachable" | "note">> {
  if (store === null || badPlace !== null) return { reachable: false, note: badPlace };
  const availability = await store.availability(run);
  if (availability === "ready" || (availability === "new" && blobs === 0))
    return { reachable: true, note: null };
  return {
    reachable: false,
    note:
      store.trouble?.()?.message ??
      (availability === "new" ? "Nothing is there." : "It cannot be reached now."),
  };
}

function factsOf(
  name: string,
  settings: StoreSettings | undefined,
  configured: ConfiguredStore | undefined,
  { config, index }: Session,
): Omit<ListedStore, "blobs" | "bytes" | "reachable" | "note"> {
  const state = settings === undefined ? "forgotten" : configured === undefined ? "disabled" : "enabled";
  const url =
    settings === undefined
      ? null
      : settings.type === "local"
        ? (configured?.where ?? settings.path)
        : storeUrl(settings);
  return {
    name,
    kind: settings === undefined ? null : settings.type === "local" ? "local" : kindOf(settings),
    url,
    state,
    primary: isPrimary(config.preferences, name),
    storage_class: settings?.type === "s3" ? (settings.storage_class ?? null) : null,
    encryption: settings?.type === "s3" ? encryptionOf(settings) : null,
    last_verify: index.checked.get(`verify ${name}`) ?? null,
  };
}

type InBucket = Extract<StoreSettings, { type: "s3" }>;

const isPrimary = ({ blob_storage }: UserPreferences, name: string): boolean => blob_storage.primary === name;

const kindOf = ({ preset, endpoint }: InBucket): string => preset ?? (endpoint === undefined ? "aws" : "s3");

function encryptionOf({ encryption, server_side_encryption }: InBucket): string | null {
  if (encryption === undefined) return server_side_encryption?.replace(/^(aws:kms):.*/, "$1") ?? null;
  return encryptionMethod(encryption);
}
