import { compactCanonicalJson } from "../domain/canonical-json.js";
import type { Plan, Step } from "../ports/phase.js";

/**
 * The plan with its digest: the SHA-256 of its canonical JSON, in which each step and each held line stands as the
 * SHA-256 of its own canonical JSON, so that a plan of a million steps is never one text.
 * `sha256Hex` maps a text to the hex SHA-256 of its UTF-8 bytes.
 */
export function withDigest<S extends Step>(
  plan: Omit<Plan<S>, "digest">,
  sha256Hex: (text: string) => string,
): Plan<S> {
  const digestOfEach = (values: readonly object[]) =>
    values.map((value) => sha256Hex(compactCanonicalJson(value)));
  const outline = { ...plan, steps: digestOfEach(plan.steps), held: digestOfEach(plan.held) };
  return { ...plan, digest: sha256Hex(compactCanonicalJson(outline)) };
}
