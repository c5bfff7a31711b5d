import type { StoreSettings } from "./preferences.js";

/**
 * Where a store is, in one word that brings it back: a path, `s3://BUCKET/PREFIX?endpoint=…&region=…`, or `PRESET:BUCKET/PREFIX?region=…`.
 * Holds no secret. How objects are kept there is not part of it.
 */
export function storeUrl(settings: StoreSettings): string {
  if (settings.type === "local") return settings.path;
  const { bucket, prefix = "", preset, region, endpoint } = settings;
  const folder = prefix.split("/").filter((part) => part !== "");
  const place = [bucket, ...folder.map(encodeURIComponent)].join("/");
  const facts = new URLSearchParams();
  if (endpoint !== undefined) facts.set("endpoint", endpoint);
  if (region !== undefined) facts.set("region", region);
  // An address is for people first: these two need no escape in a query.
  const query = String(facts).replaceAll("%3A", ":").replaceAll("%2F", "/");
  const scheme = preset === undefined ? (endpoint === undefined ? "aws:" : "s3://") : `${preset}:`;
  return `${scheme}${place}${query === "" ? "" : `?${query}`}`;
}
