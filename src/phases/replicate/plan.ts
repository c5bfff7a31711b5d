import { compareCodePoints } from "../../domain/canonical-json.js";
import type { Plan } from "../../ports/phase.js";
import { withDigest } from "../plan-digest.js";
import { namesItsBytes } from "./misnamed.js";
import type { SeenCopy, SeenReplicas, SeenStore } from "./observe.js";
import type { MarkReplicatedStep, ReplicateStep, StoreBlobStep, StoreStep } from "./replicate-step.js";
import { planServices } from "./services/plan-services.js";

function judged({
  store,
  bytes,
  recorded,
  found_bytes,
  suspect,
}: SeenCopy): Pick<StoreBlobStep, "why" | "expects"> {
  if (found_bytes === null) {
    return recorded
      ? { why: `recorded but missing from store ${store}`, expects: "absent" }
      : { why: `not in store ${store} yet`, expects: "absent" };
  }
  if (found_bytes !== bytes) return { why: `size differs in store ${store}`, expects: "wrong" };
  if (suspect) return { why: `found corrupt by verify in store ${store}`, expects: "wrong" };
  return { why: `in store ${store} but not proven yet`, expects: "unproven" };
}

/** The id of the step that puts a blob into a store. */
export const storeStepId = (store: string, key: string): string => `store-blob:${store}:${key}`;

const storeBlob = (copy: SeenCopy): StoreBlobStep => ({
  id: storeStepId(copy.store, copy.key),
  action: "store-blob",
  photo_id: copy.photo_id,
  target: copy.store,
  key: copy.key,
  hash: copy.hash,
  bytes: copy.bytes,
  role: copy.role,
  ...judged(copy),
});

const markReplicated = (photo_id: MarkReplicatedStep["photo_id"]): MarkReplicatedStep => ({
  id: `mark-replicated:${photo_id}`,
  action: "mark-replicated",
  photo_id,
  target: "library",
  why: "every blob is recorded in every store",
});

const keyOf = (step: StoreStep): string => (step.action === "store-blob" ? step.key : "");

const inOrder = (a: StoreStep, b: StoreStep): number =>
  compareCodePoints(a.photo_id, b.photo_id) ||
  compareCodePoints(keyOf(a), keyOf(b)) ||
  compareCodePoints(a.target, b.target);

function heldStore({ name, recorded, unrecorded, unrecorded_bytes, trouble }: SeenStore): {
  readonly subject: string;
  readonly why: string;
} {
  const waiting =
    unrecorded === 0
      ? "no blob waits for it"
      : `${unrecorded} blobs (${unrecorded_bytes} bytes) wait until it is there again`;
  return {
    subject: `store ${name}`,
    why: `${trouble ?? `cannot be reached, or is not the store that holds its ${recorded} recorded replicas`}: ${waiting}`,
  };
}

const heldCopy = ({ photo_id, key, store }: SeenCopy) => ({
  subject: photo_id,
  why: `its document names ${key} in store ${store}, which is the key of other bytes`,
});

/**
 * One step for each blob that a reachable target store lacks or that is not recorded in it, and one for each photo that only
 * needs its state brought up to date, sorted by photo, key and store; after them what the services lack. Stores that are gone and documents that are
 * invalid are held. Pure: equal sights give equal plans, whatever their order.
 */
export function planReplication(
  seen: SeenReplicas,
  sha256Hex: (text: string) => string,
): Plan<ReplicateStep> {
  const targets = new Set(seen.stores.filter((store) => store.target).map((store) => store.name));
  const { services } = seen;
  const unsettled = new Set(seen.copies.map((copy) => copy.photo_id));
  for (const { photo } of services.wishes) unsettled.add(photo.photo_id);
  const marked = services.isWhole ? seen.complete.filter((photoId) => !unsettled.has(photoId)) : [];
  const storeSteps: StoreStep[] = [
    ...seen.copies.filter((copy) => targets.has(copy.store) && namesItsBytes(copy)).map(storeBlob),
    ...marked.map(markReplicated),
  ];
  const steps: ReplicateStep[] = [...storeSteps.sort(inOrder), ...planServices(services)];
  const held = [
    ...seen.stores.filter((store) => store.availability === "gone" && store.target).map(heldStore),
    ...seen.copies.filter((copy) => targets.has(copy.store) && !namesItsBytes(copy)).map(heldCopy),
    ...seen.invalid.map((failure) => ({ subject: failure.subject, why: failure.message })),
    ...services.held,
  ];
  held.sort((a, b) => compareCodePoints(a.subject, b.subject) || compareCodePoints(a.why, b.why));
  return withDigest({ phase: "replicate", base: seen.revision, steps, held }, sha256Hex);
}
