import { createHash } from "node:crypto";
import type { ContentHash } from "../domain/ids.js";
import type { Instance, InstanceCopy, PhotoDocument } from "../domain/photo.js";
import { placeText } from "../domain/placing.js";
import { own } from "../domain/same-json.js";
import type { IndexedInstance } from "./index-records.js";
import type { LocalIndex } from "./local-index.js";

/** Ids of services are short; LMDB's keys end at 1,978 bytes. */
const LONGEST_ID = 300;

/** The key of an instance in the tables of the index. Keys of a service begin with its name and a zero byte. */
export const instanceKey = (service: string, id: string): string => `${service}\0${id}`;

/** Every key of a service. */
export const instancesOn = (service: string) => ({ start: `${service}\0`, end: `${service}\u0001` });

/** False for instances that are known by their place alone, as files in folders are: these are looked up as files. */
const hasIdOfItsOwn = ({ id, locations = [] }: InstanceCopy): boolean =>
  id.length <= LONGEST_ID && locations.every((location) => placeText(location) !== id);

const digest = (value: unknown): string =>
  createHash("sha256").update(JSON.stringify(value)).digest("base64url").slice(0, 16);

function said(document: PhotoDocument, service: string, copy: InstanceCopy): string {
  const { last_sync: _, ...rest } = copy;
  const record = (own(document.sources, service) ?? []).findLast(({ id }) => id === copy.id);
  return digest([rest, record ?? null]);
}

interface Holder {
  readonly hash: ContentHash;
  readonly bytes: number;
  readonly instances: Readonly<Record<string, Instance>>;
}

/** What a document tells of instances that services gave an id to, by key; of two under one id the one that is still there. */
export function instancesIn(path: string, document: PhotoDocument): ReadonlyMap<string, IndexedInstance> {
  const found = new Map<string, IndexedInstance>();
  const { content_hash: hash, media, instances, variants = [] } = document;
  const holders: readonly Holder[] = [
    { hash, bytes: media.bytes, instances },
    ...variants.map((each) => ({
      hash: each.content_hash,
      bytes: each.media.bytes,
      instances: each.instances,
    })),
  ];
  for (const holder of holders) {
    for (const [service, instance] of Object.entries(holder.instances)) {
      const { copies = [], ...first } = instance;
      for (const copy of [first, ...copies].filter(hasIdOfItsOwn)) {
        const isGone = copy.gone_since !== undefined;
        const key = instanceKey(service, copy.id);
        if (isGone && found.has(key)) continue;
        found.set(key, {
          photoId: document.photo_id,
          path,
          hash: holder.hash,
          bytes: holder.bytes,
          quality: copy.quality,
          ...(copy.bytes_stamp === undefined ? {} : { stamp: copy.bytes_stamp }),
          isGone,
          said: said(document, service, copy),
        });
      }
    }
  }
  return found;
}

/** Takes out what the index holds of the instances of a document, before it changes. */
export function withdrawInstances(index: LocalIndex, path: string): void {
  const keys = index.instancesOfPath.get(path);
  if (keys === undefined) return;
  for (const key of keys) if (index.instances.get(key)?.path === path) index.instances.removeSync(key);
  index.instancesOfPath.removeSync(path);
}

/** Puts in what a document tells of instances. Where another document tells of the same one, the one that is still there stays. */
export function putInstances(index: LocalIndex, path: string, document: PhotoDocument): void {
  const found = instancesIn(path, document);
  if (found.size === 0) return;
  for (const [key, instance] of found) {
    const other = instance.isGone ? index.instances.get(key) : undefined;
    if (other === undefined || other.isGone) index.instances.putSync(key, instance);
  }
  index.instancesOfPath.putSync(path, [...found.keys()]);
}
