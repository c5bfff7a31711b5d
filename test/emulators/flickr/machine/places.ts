import type { Account, PhotoPlace } from "./state.js";

type PlaceFlags = Pick<PhotoPlace, "isPublic" | "isContact" | "isFriend" | "isFamily">;

const NOBODY: PlaceFlags = { isPublic: false, isContact: false, isFriend: false, isFamily: false };

/** What a new place is open to by the account's setting; null where none was ever chosen. */
export function defaultPlaceFlags(account: Account): PlaceFlags | null {
  switch (account.geoPerms) {
    case 0:
      return null;
    case 1:
      return { ...NOBODY, isPublic: true };
    case 2:
      return { ...NOBODY, isContact: true };
    case 3:
      return { ...NOBODY, isFriend: true, isFamily: true };
    case 4:
      return { ...NOBODY, isFriend: true };
    case 5:
      return { ...NOBODY, isFamily: true };
    case 6:
      return NOBODY;
  }
}

/** Degrees with at most six decimals; what goes beyond is cut, not rounded. */
export function degrees(text: string, most: number): string | null {
  const found = /^(-?\d{1,3})(?:\.(\d{1,20}))?$/.exec(text.trim());
  if (found === null || Math.abs(Number(text)) > most) return null;
  const decimals = (found[2] ?? "").slice(0, 6).replace(/0+$/, "");
  return decimals === "" ? (found[1] ?? null) : `${found[1]}.${decimals}`;
}
