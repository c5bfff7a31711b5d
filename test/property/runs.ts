/** How often something is tried: with `PHOTOSYNC_RUNS=50` fifty times as often as CI does, which tries it so many times as is usual. */
export const runs = (usual: number): number =>
  Math.max(1, Math.round(usual * Number(process.env["PHOTOSYNC_RUNS"] ?? 1)));
