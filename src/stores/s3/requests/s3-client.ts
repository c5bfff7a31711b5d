import type { S3Client } from "@aws-sdk/client-s3";
import type { S3Place } from "../settings/s3-place.js";
import { freshKeys } from "./fresh-keys.js";
import { openWire, type Wire } from "./s3-wire.js";

/** What signs requests. */
export interface S3Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The keys themselves, or what gives them anew each time they have expired. */
export type KeySource = S3Keys | (() => Promise<S3Keys & { readonly expiration?: Date }>);

export type S3Sdk = typeof import("@aws-sdk/client-s3");

/** The SDK and a client of one store. */
export interface SdkClient {
  readonly sdk: S3Sdk;
  readonly client: S3Client;
}

/** What talks to the server of one store. */
export interface OpenedClient {
  /** For objects and their bytes. */
  readonly wire: Wire;
  /** For all else; loaded when it is first wanted, which takes its time. */
  sdk(): Promise<SdkClient>;
}

export interface S3ClientOptions {
  readonly place: S3Place;
  readonly keys: KeySource;
  /** Connections at once. */
  readonly connections: number;
  /** The longest silence on a connection. */
  readonly idleMs: number;
}

const CONNECT_MS = 15_000;

/**
 * Opens a client that asks nobody but the endpoint, and a source of keys that is given: everything that the SDK would else look up in `~/.aws`, in the environment or at the
 * address of a cloud computer's metadata is said here. It sends each request once, and puts no checksum of its own on streams: servers other
 * than AWS refuse those with 411 or 501, and the hash of every body is signed.
 */
export function openS3Client({ place, keys, connections, idleMs }: S3ClientOptions): OpenedClient {
  const fresh = freshKeys(keys);
  let loading: Promise<SdkClient> | undefined;
  return {
    wire: openWire({ place, keys: fresh, connections, connectMs: CONNECT_MS, idleMs }),
    sdk() {
      loading ??= openSdk({ place, keys: fresh, connections, idleMs });
      return loading;
    },
  };
}

async function openSdk({
  place,
  keys,
  connections,
  idleMs,
}: S3ClientOptions & { readonly keys: () => Promise<S3Keys> }): Promise<SdkClient> {
  const sdk = await import("@aws-sdk/client-s3");
  const client = new sdk.S3Client({
    endpoint: place.endpoint,
    region: place.region,
    forcePathStyle: place.pathStyle,
    credentials: keys,
    maxAttempts: 1,
    retryMode: "standard",
    defaultsMode: "standard",
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    useArnRegion: false,
    disableMultiregionAccessPoints: true,
    disableS3ExpressSessionAuth: true,
    disableClockSkewCorrection: false,
    authSchemePreference: ["sigv4"],
    sigv4aSigningRegionSet: [place.region],
    userAgentAppId: "photosync",
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      socketTimeout: idleMs,
      // It would warn on the console of requests that wait for a connection.
      socketAcquisitionWarningTimeout: 2 ** 31 - 1,
      httpAgent: { keepAlive: true, maxSockets: connections },
      httpsAgent: { keepAlive: true, maxSockets: connections },
    },
  });
  return { sdk, client };
}
