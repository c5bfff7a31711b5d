import { copiesOf } from "./copies.js";
import { FIELD_RULES, type MetadataField } from "./fields.js";
import {
  type Facts,
  type Instance,
  type Json,
  ORIGINAL_SOURCE,
  type PhotoDocument,
  type Variant,
} from "./photo.js";
import { byCodeUnit, own } from "./same-json.js";

/** The part of a document that its canonical fields follow from. */
export interface Evidence extends Pick<PhotoDocument, "content_hash" | "sources" | "instances"> {
  readonly variants?: readonly Pick<Variant, "content_hash" | "role" | "instances">[];
}

/** One statement that counts, with the service (or `original`) that makes it. */
export interface Witness {
  readonly source: string;
  readonly id: string;
  readonly facts: Facts;
}

/** Who says something of a photo, most trusted first. */
export interface Witnesses {
  /** Those whose values must agree: the original's own bytes, then the services by name, then ids. */
  readonly speaking: readonly Witness[];
  /**
   * Those who only fill gaps: the bytes of variants, and records of motion clips alone. A clip's clock and a raw
   * developer's fields differ by nature from the picture's, so a difference there is no disagreement.
   */
  readonly filling: readonly Witness[];
}

const idsOf = (instance: Instance): readonly string[] => copiesOf(instance).map(({ id }) => id);

function isMotionOnly(evidence: Evidence, service: string, id: string): boolean {
  const holds = (instances: Readonly<Record<string, Instance>>): boolean => {
    const instance = own(instances, service);
    return instance !== undefined && idsOf(instance).includes(id);
  };
  const holders = (evidence.variants ?? []).filter((variant) => holds(variant.instances));
  return (
    holders.length > 0 && holders.every((variant) => variant.role === "motion") && !holds(evidence.instances)
  );
}

/** The last record of each id speaks for it; earlier ones are kept for the record alone. */
function lastWords(evidence: Evidence, source: string): readonly Witness[] {
  const records = own(evidence.sources, source) ?? [];
  const latest = new Map(records.map((record) => [record.id, record.facts]));
  return [...latest].sort(([a], [b]) => byCodeUnit(a, b)).map(([id, facts]) => ({ source, id, facts }));
}

/** Who speaks of the photo and who fills gaps, each in order of trust; independent of the order of arrival. */
export function witnessesOf(evidence: Evidence): Witnesses {
  const bytes = lastWords(evidence, ORIGINAL_SOURCE);
  const services = Object.keys(evidence.sources)
    .filter((source) => source !== ORIGINAL_SOURCE)
    .sort(byCodeUnit)
    .flatMap((source) => lastWords(evidence, source));
  const motion = services.filter(({ source, id }) => isMotionOnly(evidence, source, id));
  return {
    speaking: [
      ...bytes.filter(({ id }) => id === evidence.content_hash),
      ...services.filter((witness) => !motion.includes(witness)),
    ],
    filling: [...motion, ...bytes.filter(({ id }) => id !== evidence.content_hash)],
  };
}

/** One value of a field and whose it is. */
export interface Said {
  readonly source: string;
  readonly id: string;
  readonly value: Json;
}

/** What each witness says of a field, in order of trust; those who say nothing are left out. */
export const sayingsOf = (witnesses: readonly Witness[], field: MetadataField): readonly Said[] =>
  witnesses.flatMap(({ source, id, facts }) => {
    const value = FIELD_RULES[field].read(facts);
    return value === undefined ? [] : [{ source, id, value }];
  });

/**
 * Sayings by their shortest clear name: the service where all its instances say the same, else `service:id` for
 * each, so that a service's two copies with two captions can be told apart.
 */
export function bySpeaker(
  sayings: readonly Said[],
  isSame: (a: Json, b: Json) => boolean,
): ReadonlyMap<string, Said> {
  const divided = new Set(
    sayings
      .filter((one) => sayings.some((two) => one.source === two.source && !isSame(one.value, two.value)))
      .map(({ source }) => source),
  );
  const named = new Map<string, Said>();
  for (const said of sayings) {
    const name = divided.has(said.source) ? `${said.source}:${said.id}` : said.source;
    if (!named.has(name)) named.set(name, said);
  }
  return named;
}
