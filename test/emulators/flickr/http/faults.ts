import type { Endpoint, RequestView } from "./request-log.js";

/** What goes wrong. Those marked so happen after the request has had its effect; all others before it has any. */
export type Fault =
  /** 429 with the 117 bytes of HTML. */
  | { readonly kind: "throttled" }
  /** A status with an HTML body: 500, 502, 404. */
  | { readonly kind: "status"; readonly status: number }
  /** After the effect. */
  | { readonly kind: "status-after"; readonly status: number }
  /** A page of HTML with status 200. */
  | { readonly kind: "html" }
  /** After the effect. */
  | { readonly kind: "html-after" }
  /** The connection breaks. */
  | { readonly kind: "reset" }
  /** The connection breaks while the body is still being sent; a rule for it can tell requests apart by endpoint only. */
  | { readonly kind: "reset-midway" }
  /** After the effect: the connection breaks before an answer. */
  | { readonly kind: "lost-reply" }
  /** After the effect: the body ends halfway. */
  | { readonly kind: "half-body" }
  /** Nothing comes. */
  | { readonly kind: "stall" }
  /** After the effect: nothing comes. */
  | { readonly kind: "stall-after" }
  /**
   * An API-level failure of the method's or the API's own: 105, 106, 0 with Flickr's text. `more` stands beside code and text in
   * XML, as the wait time of an upload's code 14 does.
   */
  | {
      readonly kind: "fail";
      readonly code: number;
      readonly message: string;
      readonly more?: Readonly<Record<string, string>>;
    };

/** One of each kind that passes by itself when the request is made again. */
export const PASSING_FAULTS: readonly Fault[] = [
  { kind: "throttled" },
  { kind: "status", status: 500 },
  { kind: "html" },
  { kind: "reset" },
  { kind: "half-body" },
  { kind: "fail", code: 105, message: "Service currently unavailable" },
];

export interface FaultRule {
  readonly fault: Fault;
  readonly endpoint?: Endpoint | readonly Endpoint[];
  /** The API's method: `flickr.photos.setPerms`. */
  readonly call?: string;
  readonly where?: (request: RequestView) => boolean;
  /** Only the nth request that matches, from 1. */
  readonly nth?: number;
  /** Each one that matches with this likelihood. */
  readonly probability?: number;
  /** At most so often. */
  readonly times?: number;
}

/** The faults that wait for requests. */
export interface Faults {
  /** Adds a rule; gives back what takes it away. The first rule that applies decides. */
  add(rule: FaultRule): () => void;
  clear(): void;
  /** What happens to this request, of which only the head or all has arrived; null for nothing. */
  decide(request: RequestView, arrived: "head" | "all"): Fault | null;
}

function matches(rule: FaultRule, request: RequestView): boolean {
  const endpoints = rule.endpoint === undefined ? null : [rule.endpoint].flat();
  return (
    (endpoints === null || endpoints.includes(request.endpoint)) &&
    (rule.call === undefined || rule.call === request.call) &&
    (rule.where === undefined || rule.where(request))
  );
}

/** Faults that the random numbers settle where a rule is a matter of chance. */
export function seededFaults(random: () => number): Faults {
  const rules = new Map<FaultRule, { matched: number; happened: number }>();
  return {
    add: (rule) => {
      rules.set(rule, { matched: 0, happened: 0 });
      return () => rules.delete(rule);
    },
    clear: () => rules.clear(),
    decide: (request, arrived) => {
      for (const [rule, count] of rules) {
        const isForHead = rule.fault.kind === "reset-midway";
        if (isForHead !== (arrived === "head") || !matches(rule, request)) continue;
        count.matched += 1;
        if (rule.nth !== undefined && count.matched !== rule.nth) continue;
        if (rule.probability !== undefined && random() >= rule.probability) continue;
        if (rule.times !== undefined && count.happened >= rule.times) continue;
        count.happened += 1;
        return rule.fault;
      }
      return null;
    },
  };
}
