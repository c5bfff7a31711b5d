import type { Clock } from "../../../src/ports/phase.js";
import type { Context } from "./http/context.js";
import { type Faults, seededFaults } from "./http/faults.js";
import { type FileStore, fileStore } from "./http/file-store.js";
import { allow, type Decided, refuse } from "./http/grants.js";
import { flickrHandler, type Handler, type RequestListener } from "./http/handle.js";
import { defaultHttpOptions, type HttpOptions } from "./http/options.js";
import type { LoggedRequest } from "./http/request-log.js";
import type { Addresses } from "./machine/address.js";
import { type FlickrMachine, flickrMachine } from "./machine/machine.js";
import type { FlickrOptions } from "./machine/options.js";
import { randomFrom } from "./machine/random.js";
import type { FlickrState, Perms } from "./machine/state.js";

export interface EmulatorSettings {
  readonly clock: Clock;
  /** Settles ids, secrets and faults of chance. */
  readonly seed?: number;
  readonly options?: Partial<FlickrOptions & HttpOptions>;
  readonly state?: FlickrState;
}

/** An emulated Flickr, however requests come to it. */
export interface Emulation {
  /** Every request in the order of answers. */
  readonly log: readonly LoggedRequest[];
  readonly faults: Faults;
  readonly state: FlickrState;
  readonly machine: FlickrMachine;
  /** The bytes of originals, by `Photo.file`. */
  readonly files: FileStore;
  /** What a person does on the page that `authorizeUrl` opens, without a browser. */
  authorize(
    authorizeUrl: string,
    decision: { readonly as: string; readonly perms?: Perms } | "refuse",
  ): Decided;
  /** Hears of every request; what it returns is waited for. Gives back what stops it. */
  onRequest(listener: RequestListener): () => void;
}

/** Puts machine, files, faults and log together. */
export function assemble(
  settings: EmulatorSettings,
  addresses: Addresses,
): { readonly emulation: Emulation; readonly handler: Handler } {
  const files = fileStore();
  const faults = seededFaults(randomFrom((settings.seed ?? 1) + 1));
  const log: LoggedRequest[] = [];
  const listeners = new Set<RequestListener>();
  const machine = flickrMachine({
    now: () => Math.floor(Date.parse(settings.clock.now()) / 1000),
    addresses,
    ...(settings.state && { state: settings.state }),
    ...(settings.seed !== undefined && { seed: settings.seed }),
    ...(settings.options && { options: settings.options }),
  });
  const context: Context = { machine, files, options: { ...defaultHttpOptions, ...settings.options } };
  const emulation: Emulation = {
    log,
    faults,
    state: machine.state,
    machine,
    files,
    authorize: (authorizeUrl, decision) => {
      const asked = new URL(authorizeUrl).searchParams;
      const token = asked.get("oauth_token") ?? "";
      if (decision === "refuse") return refuse(context, token);
      const perms = (["write", "delete"] as const).find((each) => each === asked.get("perms")) ?? "read";
      return allow(context, token, decision.as, decision.perms ?? perms);
    },
    onRequest: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return { emulation, handler: flickrHandler({ context, faults, log, listeners }) };
}
