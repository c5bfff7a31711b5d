import { groupBy } from "../../infra/group-by.js";
import { extensionClass } from "./media-extensions.js";
import {
  exactSteps,
  looseProbe,
  looseSteps,
  type SidecarCandidate,
  type SidecarRule,
  type SidecarStep,
  splitSidecarName,
} from "./sidecar-names.js";
import { mediaTitleKeys, titleFits, titleKey } from "./title-fit.js";

export interface SidecarName {
  readonly name: string;
  /** The name at upload, where the sidecar could be read and tells one. */
  readonly title?: string;
}

export interface SidecarPair {
  readonly sidecar: string;
  readonly rule: SidecarRule;
  /** True where another file's name led to it: this one is an edit of that, or the other half of a live photo. */
  readonly borrowed: boolean;
  /** False where the title speaks of another name although the file names leave no other choice. */
  readonly titleAgrees: boolean;
}

/** Guesses that fit equally well; none of them was taken. */
export interface Ambiguity {
  readonly media: readonly string[];
  readonly sidecars: readonly string[];
}

export interface Pairing {
  readonly pairs: ReadonlyMap<string, SidecarPair>;
  /** Sidecars by the one media file each that they are about; those that were only borrowed have none. */
  readonly owners: ReadonlyMap<string, string>;
  /** Old-style sidecars beside a new-style one of the same media file, with that file. */
  readonly superseded: ReadonlyMap<string, string>;
  readonly ambiguities: readonly Ambiguity[];
}

/**
 * Tells which sidecar belongs to which media file among the names of one folder, over all parts of one export.
 * Names are in NFC and each is given once; the order given does not matter. Strong rules go first for all files
 * before a weaker one is tried for any. `X(1)` never gets the sidecar of `X`; of rival guesses none is taken.
 */
export function pairSidecars(media: readonly string[], sidecars: readonly SidecarName[]): Pairing {
  const round = new PairingRound(sidecars);
  const names = [...media].sort();
  round.runSteps(names, exactSteps);
  round.runSteps(
    names.filter((name) => round.holdsNamesLike(name)),
    looseSteps,
  );
  round.byTitle(names);
  return round;
}

interface Claim {
  readonly media: string;
  readonly sidecar: SidecarName;
  readonly candidate: SidecarCandidate;
}

class PairingRound implements Pairing {
  readonly pairs = new Map<string, SidecarPair>();
  readonly owners = new Map<string, string>();
  readonly superseded = new Map<string, string>();
  readonly ambiguities: Ambiguity[] = [];
  readonly #exact = new Map<string, SidecarName>();
  readonly #byLowerCase = new Map<string, SidecarName[]>();
  readonly #sorted: readonly string[];
  /** Media whose rivals were reported: a weaker rule must not settle what a stronger one left open. */
  readonly #open = new Set<string>();
  /** Stems of sidecars that fit a cut name but whose title is another file's: proof that numbers went astray. */
  readonly #refusedStems = new Map<string, string>();

  constructor(sidecars: readonly SidecarName[]) {
    for (const sidecar of sidecars) {
      this.#exact.set(sidecar.name, sidecar);
      const key = sidecar.name.toLowerCase();
      const namesakes = this.#byLowerCase.get(key);
      if (namesakes === undefined) this.#byLowerCase.set(key, [sidecar]);
      else namesakes.push(sidecar);
    }
    this.#sorted = [...this.#byLowerCase.keys()].sort();
  }

  /** False where no sidecar begins like the name, so that no loose rule can find one. */
  holdsNamesLike(media: string): boolean {
    const probe = looseProbe(media);
    let low = 0;
    for (let high = this.#sorted.length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((this.#sorted[middle] ?? "") < probe) low = middle + 1;
      else high = middle;
    }
    return this.#sorted[low]?.startsWith(probe) === true;
  }

  /** Runs the first step of every file, then the second of every file, and so on. */
  runSteps(media: readonly string[], stepsOf: (name: string) => readonly SidecarStep[]): void {
    let waiting = media
      .filter((name) => this.#isWaiting(name))
      .map((name) => ({ name, steps: stepsOf(name) }));
    for (let index = 0; waiting.length > 0; index += 1) {
      const claims = waiting.flatMap(({ name, steps }) => this.#claim(name, steps[index]));
      this.#settle(claims);
      waiting = waiting.filter(({ name, steps }) => steps.length > index + 1 && this.#isWaiting(name));
    }
  }

  /** Rule 8: a sidecar that no name led to, whose title is what this file was called at upload. */
  byTitle(media: readonly string[]): void {
    const untaken = [...this.#exact.values()].filter(({ name }) => !this.#isTaken(name));
    const free = groupBy(
      untaken.filter(({ title }) => title !== undefined),
      ({ title }) => titleKey(title ?? ""),
    );
    const claims = media
      .filter((name) => this.#isWaiting(name))
      .flatMap((name) => {
        const hits = mediaTitleKeys(name).flatMap(({ key, number }) =>
          (free.get(key) ?? []).filter((sidecar) => this.#numberAgrees(name, sidecar.name, number)),
        );
        return this.#onlyOne(
          name,
          hits.map((sidecar) => ({ sidecar, candidate: { name: sidecar.name, rule: 8, cut: false } })),
        );
      });
    this.#settle(claims.map((claim) => ({ ...claim, shares: false })));
  }

  #isWaiting(media: string): boolean {
    return !this.pairs.has(media) && !this.#open.has(media);
  }

  #isTaken(sidecar: string): boolean {
    return this.owners.has(sidecar) || this.superseded.has(sidecar);
  }

  #numberAgrees(media: string, sidecar: string, number: string): boolean {
    const parts = splitSidecarName(sidecar);
    return parts !== null && (parts.number === number || this.#refusedStems.get(media) === parts.stem);
  }

  #claim(media: string, step: SidecarStep | undefined): (Claim & { readonly shares: boolean })[] {
    if (step === undefined) return [];
    const hits = step.families().flatMap((family) => {
      const found = family.flatMap((candidate) => this.#lookUp(media, candidate, step));
      const first = found[0];
      if (first === undefined) return [];
      for (const { sidecar, candidate } of found) {
        if (!step.shares && candidate !== first.candidate) this.superseded.set(sidecar.name, media);
      }
      return found.filter(({ candidate }) => candidate === first.candidate);
    });
    return this.#onlyOne(media, hits).map((claim) => ({ ...claim, shares: step.shares }));
  }

  #lookUp(media: string, candidate: SidecarCandidate, step: SidecarStep): Omit<Claim, "media">[] {
    const exact = this.#exact.get(candidate.name);
    const found = step.loose
      ? (this.#byLowerCase.get(candidate.name.toLowerCase()) ?? [])
      : exact === undefined
        ? []
        : [exact];
    return found
      .filter((sidecar) =>
        step.shares ? this.#canBorrow(media, sidecar, candidate) : !this.#isTaken(sidecar.name),
      )
      .filter((sidecar) => {
        const agrees = sidecar.title === undefined || titleFits(sidecar.title, media);
        if (!agrees && candidate.cut && !step.loose) {
          this.#refusedStems.set(media, splitSidecarName(sidecar.name)?.stem ?? "");
        }
        return agrees || !(step.loose || candidate.cut);
      })
      .map((sidecar) => ({ sidecar, candidate }));
  }

  /** A name cut before its extension would lend to every extension: what it is about must be of another class. */
  #canBorrow(media: string, sidecar: SidecarName, candidate: SidecarCandidate): boolean {
    const about = this.owners.get(sidecar.name) ?? sidecar.title;
    if (candidate.rule !== 7 || !candidate.cut || about === undefined) return true;
    return extensionClass(about) !== extensionClass(media);
  }

  #onlyOne(media: string, hits: readonly Omit<Claim, "media">[]): Claim[] {
    const distinct = new Map(hits.map((hit) => [hit.sidecar.name, hit] as const));
    if (distinct.size > 1) {
      this.#report([media], [...distinct.keys()]);
      return [];
    }
    return [...distinct.values()].map((hit) => ({ media, ...hit }));
  }

  #settle(claims: readonly (Claim & { readonly shares: boolean })[]): void {
    const rivals = new Map<string, Claim[]>();
    for (const claim of claims) {
      if (claim.shares) {
        this.#pair(claim, true);
        continue;
      }
      rivals.set(claim.sidecar.name, [...(rivals.get(claim.sidecar.name) ?? []), claim]);
    }
    for (const [sidecar, rivalClaims] of rivals) this.#giveToOne(sidecar, rivalClaims);
  }

  /** Several files can fit one sidecar where its name was cut before the extension: then the full title decides. */
  #giveToOne(sidecar: string, claims: readonly Claim[]): void {
    const [first] = claims;
    if (first === undefined) return;
    const title = first.sidecar.title;
    const titled =
      title === undefined
        ? []
        : claims.filter(({ media }) => mediaTitleKeys(media).some(({ key }) => key === titleKey(title)));
    const winners = claims.length === 1 ? claims : titled;
    if (winners.length === 1 && winners[0] !== undefined) {
      this.#pair(winners[0], false);
      return;
    }
    this.#report(
      claims.map(({ media }) => media),
      [sidecar],
    );
  }

  #pair({ media, sidecar, candidate }: Claim, borrowed: boolean): void {
    if (!borrowed) this.owners.set(sidecar.name, media);
    const titleAgrees = sidecar.title === undefined || titleFits(sidecar.title, media);
    this.pairs.set(media, { sidecar: sidecar.name, rule: candidate.rule, borrowed, titleAgrees });
  }

  #report(media: readonly string[], sidecars: readonly string[]): void {
    for (const name of media) this.#open.add(name);
    this.ambiguities.push({ media, sidecars });
  }
}
