/** Who may see a photo, narrowest first: only the owner, the owner's approved contacts, everyone. */
export const VISIBILITIES = ["private", "friends", "public"] as const;
export type Visibility = (typeof VISIBILITIES)[number];
/** What a service shows; `unknown` where it cannot be read or the service's level has no counterpart here. */
export type SeenVisibility = Visibility | "unknown";

const rank = (level: Visibility): number => VISIBILITIES.indexOf(level);

/** The narrowest of the given levels; `private` when there is none. Never wider than any argument. */
export function mostRestrictive(levels: readonly Visibility[]): Visibility {
  return levels.reduce<Visibility>((a, b) => (rank(b) < rank(a) ? b : a), levels[0] ?? "private");
}

/** True when `candidate` lets more people see the photo than `current` does. */
export const isWider = (candidate: Visibility, current: Visibility): boolean =>
  rank(candidate) > rank(current);

/** How acting code must read a seen level: what is not certain is private. */
export const whenActing = (seen: SeenVisibility): Visibility => (seen === "unknown" ? "private" : seen);

/** How auditing code must read a seen level: what is not certain is public. */
export const whenAuditing = (seen: SeenVisibility): Visibility => (seen === "unknown" ? "public" : seen);
