import { PhotosyncError } from "../../../domain/errors.js";
import type { Time } from "../../../infra/http/time.js";
import { cancelled } from "../../../infra/until-aborted.js";
import type { Call } from "../../../ports/call.js";
import type { Attempted, Policy } from "../../../ports/policy.js";
import type { S3Place } from "../settings/s3-place.js";
import type { OpenedClient, SdkClient } from "./s3-client.js";
import { isAnswer, s3Error } from "./s3-errors.js";
import type { Wire } from "./s3-wire.js";
import type { Bodies } from "./upload-rate.js";

export interface S3RequestsOptions {
  readonly store: string;
  readonly place: S3Place;
  readonly policy: Policy;
  readonly time: Time;
  readonly bodies: Bodies;
  /** Asked when the first request goes out, and again after a failure. */
  open(call: Call): Promise<OpenedClient> | OpenedClient;
}

/** One request by what sends it. What it throws is translated; what it expects it catches itself. */
export type Ask<By, T> = (by: By, options: { readonly abortSignal: AbortSignal }) => Promise<T>;

/** Sends requests to one store by its policy, each failure in photosync's words. */
export interface S3Requests {
  readonly store: string;
  readonly place: S3Place;
  readonly bodies: Bodies;
  /** By the SDK. `label` is a verb that fits "could not …": `list objects`. Everything that is sent may be sent again. */
  send<T>(label: string, lane: Attempted["lane"], ask: Ask<SdkClient, T>, call: Call): Promise<T>;
  /** The same by `Wire`, for what is asked thousands of times. */
  ask<T>(label: string, lane: Attempted["lane"], ask: Ask<Wire, T>, call: Call): Promise<T>;
}

/** The one way to a store's server. Throws as `s3Error` says, `cancelled`, and what the policy throws. */
export function s3Requests({ store, place, policy, time, bodies, open }: S3RequestsOptions): S3Requests {
  let opened: Promise<OpenedClient> | undefined;
  const client = (call: Call): Promise<OpenedClient> => {
    opened ??= Promise.resolve(open(call)).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  const host = new URL(place.endpoint).host;
  const run = <T>(
    label: string,
    lane: Attempted["lane"],
    ask: (options: { readonly abortSignal: AbortSignal }) => Promise<T>,
    call: Call,
  ): Promise<T> => {
    const once = async (attempt: Call) => {
      try {
        return await ask({ abortSignal: attempt.signal });
      } catch (error) {
        if (attempt.signal.aborted) throw aborted(attempt);
        throw s3Error(error, { store, host, bucket: place.bucket, label, nowMs: time.nowMs() });
      }
    };
    return policy.run(
      { label, lane, isRepeatable: true },
      async (attempt) => {
        try {
          return await once(attempt);
        } catch (error) {
          // The server's time was learned from the refusal; only a server that contradicts itself refuses twice.
          if (!(error instanceof PhotosyncError) || error.code !== "store.clock-skew") throw error;
          return once(attempt);
        }
      },
      call,
    );
  };
  return {
    store,
    place,
    bodies,
    async send(label, lane, ask, call) {
      const opened = await (await client(call)).sdk();
      return run(label, lane, (options) => ask(opened, options), call);
    },
    async ask(label, lane, ask, call) {
      const { wire } = await client(call);
      return run(label, lane, (options) => ask(wire, options), call);
    },
  };
}

function aborted(call: Call): unknown {
  const reason: unknown = call.signal.reason;
  return reason instanceof PhotosyncError ? reason : cancelled(call);
}

/** For `catch`: the answer where the server said one of these codes; all else is thrown on. */
export const whereSaid =
  <T>(answer: T, ...codes: readonly string[]) =>
  (error: unknown): T => {
    if (isAnswer(error, ...codes)) return answer;
    throw error;
  };
