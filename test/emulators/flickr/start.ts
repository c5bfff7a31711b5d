import { assemble, type Emulation, type EmulatorSettings } from "./assemble.js";
import { startLocalServer } from "./http/node-server.js";

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
  /** Stands for `https://live.staticflickr.com`, and for `https://www.flickr.com` in addresses of videos. */
  readonly static: string;
}

export interface FlickrEmulator extends Emulation {
  readonly endpoints: FlickrEndpoints;
  /** Ends every connection and takes its temporary files away. */
  close(): Promise<void>;
}

/** Starts a Flickr on 127.0.0.1, on any port that is free unless one is named. The caller closes it. */
export async function startFlickrEmulator(
  settings: EmulatorSettings & { readonly port?: number },
): Promise<FlickrEmulator> {
  const server = await startLocalServer(settings.port ?? 0);
  const { origin } = server;
  const { emulation, handler } = assemble(settings, { static: origin, www: origin });
  server.serve(handler);
  const service = (name: string) => `${origin}/services/${name}`;
  return {
    ...emulation,
    endpoints: {
      rest: service("rest"),
      upload: service("upload"),
      replace: service("replace"),
      oauth: service("oauth"),
      static: origin,
    },
    close: async () => {
      await server.close();
      await emulation.files.close();
    },
  };
}
