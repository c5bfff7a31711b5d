import { copiesOf } from "../copies.js";
import type { ContentHash } from "../ids.js";
import type { Sources } from "../merge-sources.js";
import { type Instance, ORIGINAL_SOURCE, type PhotoDocument, type Variant } from "../photo.js";

/** A photo's variants when one of them is to leave. */
export interface Parted {
  readonly variant: Variant;
  /** Those that it brought, and that go with it. */
  readonly along: readonly Variant[];
  readonly staying: readonly Variant[];
}

/** What goes with a variant that was joined; null where the photo has none of that hash, or a source showed that it belongs. */
export function parted(host: PhotoDocument, hash: ContentHash): Parted | null {
  const variants = host.variants ?? [];
  const variant = variants.find((one) => one.content_hash === hash);
  if (variant?.joined === undefined) return null;
  const going = [hash, ...(variant.joined.with ?? [])];
  const isGoing = (one: Variant): boolean => going.includes(one.content_hash);
  return {
    variant,
    along: variants.filter((one) => isGoing(one) && one !== variant),
    staying: variants.filter((one) => !isGoing(one)).map((one) => withoutBrought(one, going)),
  };
}

/** A variant that no longer brought these along: they are gone from the photo. */
function withoutBrought(variant: Variant, gone: readonly ContentHash[]): Variant {
  const brought = variant.joined?.with;
  if (variant.joined === undefined || !brought?.some((hash) => gone.includes(hash))) return variant;
  const { with: _, ...joined } = variant.joined;
  const left = brought.filter((hash) => !gone.includes(hash));
  return { ...variant, joined: left.length > 0 ? { ...joined, with: left } : joined };
}

const idsOf = (service: string, instance: Instance): readonly string[] =>
  copiesOf(instance).map(({ id }) => `${service} ${id}`);

type Holder = Pick<Variant, "content_hash" | "instances">;

const spokenOf = (holders: readonly Holder[]): ReadonlySet<string> =>
  new Set(
    holders.flatMap(({ content_hash, instances }) => [
      `${ORIGINAL_SOURCE} ${content_hash}`,
      ...Object.entries(instances).flatMap(([service, instance]) => idsOf(service, instance)),
    ]),
  );

/**
 * The records that go or stay: each with the instance or the bytes that it speaks of, one that speaks of both with both,
 * and one that speaks of nothing that is here stays.
 */
export function sourcesOf(
  host: PhotoDocument,
  { variant, along, staying }: Parted,
  side: "going" | "staying",
): Sources {
  const going = spokenOf([variant, ...along]);
  const stays = spokenOf([host, ...staying]);
  const isHere = (of: string): boolean =>
    side === "going" ? going.has(of) : stays.has(of) || !going.has(of);
  return Object.fromEntries(
    Object.entries(host.sources).flatMap(([source, records]) => {
      const here = records.filter(({ id }) => isHere(`${source} ${id}`));
      return here.length > 0 ? [[source, here]] : [];
    }),
  );
}
