/**
 * A smaller input that still fails, found by leaving out ever smaller pieces and then plain zeros (ddmin, simplified).
 * `fails` is asked at most `most` times.
 */
export async function minimised(
  input: Buffer,
  fails: (candidate: Buffer) => Promise<boolean>,
  most = 400,
): Promise<Buffer> {
  let best = input;
  let asked = 0;
  for (let size = Math.ceil(best.length / 2); size >= 1 && asked < most; size = Math.floor(size / 2)) {
    for (let at = 0; at < best.length && asked < most; ) {
      const candidate = Buffer.concat([best.subarray(0, at), best.subarray(at + size)]);
      asked++;
      if (candidate.length < best.length && (await fails(candidate))) best = candidate;
      else at += size;
    }
  }
  return best;
}
