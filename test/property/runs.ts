/** How often a property is tried: `PHOTOSYNC_RUNS=50` tries fifty times as often as CI does. */
export const runs = (usual: number): number =>
  Math.max(1, Math.round(usual * Number(process.env["PHOTOSYNC_RUNS"] ?? 1)));
