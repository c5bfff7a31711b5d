import type { Clock } from "../../../src/ports/phase.js";
import type { Context } from "./http/context.js";
import { type Faults, seededFaults } from "./http/faults.js";
import { type FileStore, fileStore } from "./http/file-store.js";
import { allow, type Decided, refuse } from "./http/grants.js";
import { flickrHandler, type Handler, type RequestListener } from "./http/handle.js";
import { startLocalServer } from "./http/node-server.js";
import { defaultHttpOptions, type HttpOptions } from "./http/options.js";
import type { LoggedRequest } from "./http/request-log.js";
import { type FlickrMachine, flickrMachine } from "./machine/machine.js";
import type { FlickrOptions } from "./machine/options.js";
import { randomFrom } from "./machine/random.js";
import type { FlickrState, Perms } from "./machine/state.js";

/** Where the parts of the emulator are; no slash at the end. */
export interface FlickrEndpoints {
  /** Stands for `https://api.flickr.com/services/rest`. */
  readonly rest: string;
  /** Stands for `https://up.flickr.com/services/upload`. */
  readonly upload: string;
  /** Stands for `https://up.flickr.com/services/replace`. */
  readonly replace: string;
  /** Stands for `https://www.flickr.com/services/oauth`. */
  readonly oauth: string;
  /** Stands for `https://live.staticflickr.com` and for `https://www.flickr.com` in addresses of videos. */
  readonly static: string;
}

export interface EmulatorSettings {
  readonly clock: Clock;
  /** Settles ids, secrets and faults of chance. */
  readonly seed?: number;
  /** 0, as by default: any that is free. */
  readonly port?: number;
  readonly options?: Partial<FlickrOptions & HttpOptions>;
  readonly state?: FlickrState;
}

export interface FlickrEmulator {
  readonly endpoints: FlickrEndpoints;
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
  close(): Promise<void>;
}

/** Starts a Flickr on 127.0.0.1. The caller closes it. */
export async function startFlickrEmulator(settings: EmulatorSettings): Promise<FlickrEmulator> {
  const files = fileStore();
  const faults = seededFaults(randomFrom((settings.seed ?? 1) + 1));
  const log: LoggedRequest[] = [];
  const listeners = new Set<RequestListener>();
  const now = () => Math.floor(Date.parse(settings.clock.now()) / 1000);
  let context: Context | null = null;
  const handlerAt = (origin: string): Handler => {
    const machine = flickrMachine({
      now,
      addresses: { static: origin, www: origin },
      ...(settings.state && { state: settings.state }),
      ...(settings.seed !== undefined && { seed: settings.seed }),
      ...(settings.options && { options: settings.options }),
    });
    context = { machine, files, options: { ...defaultHttpOptions, ...settings.options } };
    return flickrHandler({ context, faults, log, listeners });
  };
  const server = await startLocalServer(settings.port ?? 0, handlerAt);
  const started = context as Context | null;
  if (started === null) throw new Error("the server gave no origin");
  const service = (name: string) => `${server.origin}/services/${name}`;
  return {
    endpoints: {
      rest: service("rest"),
      upload: service("upload"),
      replace: service("replace"),
      oauth: service("oauth"),
      static: server.origin,
    },
    log,
    faults,
    state: started.machine.state,
    machine: started.machine,
    files,
    authorize: (authorizeUrl, decision) => {
      const asked = new URL(authorizeUrl).searchParams;
      const token = asked.get("oauth_token") ?? "";
      if (decision === "refuse") return refuse(started, token);
      const perms = (["write", "delete"] as const).find((each) => each === asked.get("perms")) ?? "read";
      return allow(started, token, decision.as, decision.perms ?? perms);
    },
    onRequest: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      await server.close();
      await files.close();
    },
  };
}
