/** What goes wrong with a request. */
export type Fault =
  /** Nothing is done; the answer is this. Google's own error body for the status, unless `body` says otherwise. */
  | {
      readonly kind: "status";
      readonly status: 401 | 403 | 404 | 429 | 500 | 503 | 504;
      readonly retryAfter?: string;
      /** Which of Google's limits a 429 tells of. */
      readonly limit?: "day" | "minute" | "concurrent";
      /** A page for people instead of JSON. */
      readonly isHtml?: boolean;
    }
  /** Nothing is done and the connection breaks. */
  | { readonly kind: "reset" }
  /** The connection breaks when so many bytes of the request's body have come; what came is treated as a broken upload. */
  | { readonly kind: "cut-request"; readonly afterBytes: number }
  /** All is done, and the connection breaks before the reply. */
  | { readonly kind: "drop-reply" }
  /** All is done, and the reply breaks off in the middle of its body. */
  | { readonly kind: "cut-body" }
  /** Nothing is done and no reply ever comes. */
  | { readonly kind: "stall" }
  /** A page for people with status 200, as a captive network answers. */
  | { readonly kind: "captive-page" };

export interface FaultRule {
  /** Which requests: `POST /photoslibrary/v1/uploads` against this. */
  readonly matching: RegExp;
  readonly fault: Fault;
  /** Which of the matching requests, counted from 1; absent for each. */
  readonly nth?: number | readonly number[];
  /** The chance that a matching request is hit; absent for always. */
  readonly chance?: number;
  /** How often at most; absent for no end. */
  readonly times?: number;
}

/** What is to go wrong, in the order it was said; the first rule that applies is carried out. */
export class Faults {
  readonly #rules: { readonly rule: FaultRule; seen: number; hits: number }[] = [];
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Adds a rule; what it returns takes the rule away and tells how often it struck. */
  add(rule: FaultRule): { readonly hits: number; remove(): void } {
    const kept = { rule, seen: 0, hits: 0 };
    this.#rules.push(kept);
    return {
      get hits() {
        return kept.hits;
      },
      remove: () => {
        this.#rules.splice(this.#rules.indexOf(kept), 1);
      },
    };
  }

  clear(): void {
    this.#rules.length = 0;
  }

  /** What is to go wrong with this request. Each request asks once. */
  next(request: string): Fault | undefined {
    for (const kept of this.#rules) {
      const { rule } = kept;
      if (!rule.matching.test(request)) continue;
      kept.seen += 1;
      const nth = rule.nth === undefined ? undefined : [rule.nth].flat();
      if (nth !== undefined && !nth.includes(kept.seen)) continue;
      if (rule.times !== undefined && kept.hits >= rule.times) continue;
      if (rule.chance !== undefined && this.#random() >= rule.chance) continue;
      kept.hits += 1;
      return rule.fault;
    }
    return undefined;
  }
}
