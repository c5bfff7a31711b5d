import type { Call } from "../ports/call.js";
import type { PhotoService } from "../ports/photo-service.js";
import type { ServiceContext } from "./service-context.js";

/** An account that is open for reading. */
export interface OpenAccount {
  readonly service: PhotoService;
  /** Ends what reading it has begun at the service. */
  close(call: Call): Promise<void>;
}

/** How accounts of one provider are read, as far as that can be told before its client is loaded; its kit opens them. */
export interface LiveProvider {
  /** The secret without which nobody is signed in. */
  readonly signInField: string;
  /** True where the account shows by itself what its owner brought there; false where only photosync's own uploads do. */
  readonly showsOwnersPhotos: boolean;
  /** Lets the owner pick photos on a page whose address `show` is given; absent where the service has no such thing. */
  pick?(context: ServiceContext, show: (address: string) => void): Promise<OpenAccount>;
}

const LIVE: Readonly<Record<string, LiveProvider>> = {
  flickr: { signInField: "flickr_oauth_token", showsOwnersPhotos: true },
  "google-drive": { signInField: "google_refresh_token", showsOwnersPhotos: true },
  "google-photos": {
    signInField: "google_refresh_token",
    showsOwnersPhotos: false,
    pick: async (context, show) => {
      const { openGooglePickerAccount } = await import("./google-photos/open-google-photos.js");
      const service = openGooglePickerAccount(context, { show });
      return { service, close: (call) => service.close(call) };
    },
  },
};

/** How accounts of a provider are read; null for one that cannot be read over the network. */
export const liveProvider = (provider: string): LiveProvider | null =>
  Object.hasOwn(LIVE, provider) ? (LIVE[provider] ?? null) : null;
