import type { S3StoreSettings } from "../../../domain/preferences.js";
import { safeAddress } from "../../../infra/http/redact.js";
import { isAllowed } from "../../../infra/http/service-address.js";
import { badSettings } from "./bad-settings.js";

/** Where a store's objects are, with nothing left to guess. */
export interface S3Place {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** Empty, or ends with a slash. */
  readonly prefix: string;
  /** `endpoint/bucket/key` instead of `bucket.endpoint/key`. */
  readonly pathStyle: boolean;
}

export interface Preset {
  /** What people call the provider. */
  readonly title: string;
  readonly region: string;
  /** `{region}` stands for the region; null where every customer has an address of their own. */
  readonly endpoint: string | null;
  readonly pathStyle: boolean;
}

/**
 * Addresses as the providers document them: https://docs.aws.amazon.com/general/latest/gr/s3.html,
 * https://www.backblaze.com/docs/cloud-storage-call-the-s3-compatible-api, https://docs.wasabi.com/docs/what-are-the-service-urls-for-wasabis-different-storage-regions,
 * https://developers.cloudflare.com/r2/api/s3/api/, https://www.scaleway.com/en/docs/object-storage/, https://help.ovhcloud.com (Object Storage,
 * endpoints), https://docs.hetzner.com/storage/object-storage/, https://community.exoscale.com/product/storage/object-storage/.
 */
export const PRESETS: Readonly<Record<string, Preset>> = {
  aws: {
    title: "Amazon S3",
    region: "us-east-1",
    endpoint: "https://s3.{region}.amazonaws.com",
    pathStyle: false,
  },
  b2: {
    title: "Backblaze B2",
    region: "us-west-004",
    endpoint: "https://s3.{region}.backblazeb2.com",
    pathStyle: true,
  },
  wasabi: {
    title: "Wasabi",
    region: "us-east-1",
    endpoint: "https://s3.{region}.wasabisys.com",
    pathStyle: true,
  },
  minio: { title: "MinIO, on a server of your own", region: "us-east-1", endpoint: null, pathStyle: true },
  r2: { title: "Cloudflare R2", region: "auto", endpoint: null, pathStyle: true },
  scaleway: {
    title: "Scaleway Object Storage",
    region: "fr-par",
    endpoint: "https://s3.{region}.scw.cloud",
    pathStyle: true,
  },
  ovh: {
    title: "OVHcloud Object Storage",
    region: "gra",
    endpoint: "https://s3.{region}.io.cloud.ovh.net",
    pathStyle: true,
  },
  hetzner: {
    title: "Hetzner Object Storage",
    region: "fsn1",
    endpoint: "https://{region}.your-objectstorage.com",
    pathStyle: true,
  },
  exoscale: {
    title: "Exoscale SOS",
    region: "ch-gva-2",
    endpoint: "https://sos-{region}.exo.io",
    pathStyle: true,
  },
};

/** Regions become part of a host name. */
const REGION = /^[a-z0-9][a-z0-9-]{0,62}$/i;
const BUCKET = /^[A-Za-z0-9][A-Za-z0-9._-]{1,62}$/;

/**
 * The place that a store's settings mean; the preset's where they say nothing. `name` is the store's in the preferences, null for settings that are
 * not there. Throws `config.store` (user) for what is no place, for plain http beyond this computer, and for credentials in an address.
 */
export function s3PlaceOf(name: string | null, settings: S3StoreSettings): S3Place {
  const preset = PRESETS[settings.preset ?? "aws"];
  if (preset === undefined)
    throw badSettings(
      name,
      `there is no preset ${settings.preset}`,
      `Use one of: ${Object.keys(PRESETS).join(", ")}.`,
    );
  const region = settings.region ?? preset.region;
  if (!REGION.test(region))
    throw badSettings(name, `"${region}" is no region`, "Give the region as the provider writes it.");
  if (!BUCKET.test(settings.bucket))
    throw badSettings(
      name,
      `"${settings.bucket}" is no bucket`,
      "Give the bucket's bare name; a folder in it is the prefix.",
    );
  const endpoint = settings.endpoint ?? preset.endpoint?.replace("{region}", region);
  if (endpoint === undefined)
    throw badSettings(
      name,
      `preset ${settings.preset} has no address`,
      "Give the server's address as its endpoint.",
    );
  const address = URL.canParse(endpoint) ? new URL(endpoint) : null;
  if (address === null || !isAllowed(address) || address.username !== "" || address.password !== "") {
    throw badSettings(
      name,
      `its endpoint ${safeAddress(endpoint)} is no safe address`,
      "Give an https address without a user name; plain http only for this computer (127.0.0.1).",
    );
  }
  return {
    endpoint: address.href.replace(/\/+$/, ""),
    region,
    bucket: settings.bucket,
    prefix: prefixOf(name, settings.prefix ?? ""),
    // An address of one's own seldom has a name for each bucket.
    pathStyle: settings.endpoint !== undefined || preset.pathStyle,
  };
}

function prefixOf(name: string | null, prefix: string): string {
  const parts = prefix.split("/").filter((part) => part !== "");
  if (parts.some((part) => part === "." || part === ".." || !/^[\w.@+ ()=,!'-]+$/.test(part)))
    throw badSettings(
      name,
      `"${prefix}" is no prefix`,
      "Use letters, digits, and hyphens, with slashes between.",
    );
  return parts.map((part) => `${part}/`).join("");
}

/** How people write the place: `s3://bucket/prefix`. */
export const s3Url = ({ bucket, prefix }: S3Place, key = ""): string => `s3://${bucket}/${prefix}${key}`;
