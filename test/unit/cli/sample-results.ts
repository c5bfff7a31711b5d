import type { BlobKey, ContentHash, PhotoId } from "../../../src/domain/ids.js";
import type { PhotoDocument } from "../../../src/domain/photo.js";
import type { ConnectResult, DisconnectResult } from "../../../src/operations/account-results.js";
import type { EstimateResult } from "../../../src/operations/estimate.js";
import type { ForgetResult } from "../../../src/operations/forget-results.js";
import type {
  DiscoverResult,
  DoctorResult,
  InitResult,
  ListResult,
  LogResult,
  OperationSummary,
  ReplicateResult,
  ResolveResult,
  ShowResult,
  StatusResult,
  UndoResult,
} from "../../../src/operations/results.js";
import type { VerifyResult } from "../../../src/operations/verify-result.js";
import type {
  AuditResult,
  VisibilityEvent,
  VisibilitySetResult,
} from "../../../src/operations/visibility-results.js";

const HEX = "0123456789abcdef".repeat(4);
const PHOTO_ID = "3f2a9c1e-1111-5222-8333-444455556666" as PhotoId;
const HASH = `sha256:${HEX}` as ContentHash;
const KEY = `2024/01/${PHOTO_ID}-${HEX}.jpg` as BlobKey;
const COMMIT = HEX.slice(0, 40);

const base = {
  library: "/home/ada/library",
  dry_run: false,
  commit: COMMIT,
  failures: [],
  outcome: "done",
} as const;
const reading = { ...base, commit: null } as const;

export const connectResult: ConnectResult = {
  ...base,
  counts: {},
  account: "family",
  provider: "flickr",
  title: "Flickr",
  owner: "ada",
  facts: ["Flickr Pro: originals can be downloaded", "1234 photos and videos"],
  remarks: ["photosync can list your whole account.", "photosync never deletes anything at Flickr."],
  kept_in: "keychain",
};

export const disconnectResult: DisconnectResult = {
  ...reading,
  counts: {},
  account: "google-photos",
  provider: "google-photos",
  title: "Google Photos",
  revoked: true,
  forgotten: true,
  notes: ["The environment still has GOOGLE_CLIENT_ID; remove them there."],
};

export const initResult: InitResult = { ...base, counts: {}, created: ["config/services.json", "photos/"] };

export const discoverResult: DiscoverResult = {
  ...base,
  counts: {
    seen: 1234,
    new: 1200,
    updated: 12,
    unchanged: 20,
    duplicates: 1,
    skipped: 0,
    failed: 1,
    gone: 2,
  },
  failures: [
    { subject: "a.zip", code: "archive.truncated", message: "It ends early.", hint: "Get it again." },
  ],
  outcome: "partial",
  plan: [
    { action: "add-photo", photo_id: PHOTO_ID, target: "photos/2024/01", why: "seen for the first time" },
  ],
  sources: [{ path: "/home/ada/takeout-001.zip", kind: "google-takeout", service: "google-photos" }],
  accounts: [
    {
      service: "flickr",
      provider: "flickr",
      seen: 12_000,
      unchanged: 11_900,
      downloaded: 90,
      bytes: 400_000_000,
      gone: 2,
      left: 8,
      whole: true,
    },
  ],
  accounting: [
    { verdict: "photo", streams: 1234, bytes: 3_200_000_000 },
    { verdict: "sidecar", streams: 1200, bytes: 1_500_000 },
  ],
  report: "reports/0123456789ab.json",
  notes: ["Part 2 of 3 is missing."],
};

export const resolveResult: ResolveResult = {
  ...base,
  counts: {
    photos: 20,
    joined: 0,
    asked: 0,
    conflicts: 3,
    auto_resolved: 2,
    needs_human: 1,
    resolved: 19,
    decided: 0,
  },
  outcome: "conflict",
  plan: [],
  exported: null,
  open: [
    {
      photo_id: PHOTO_ID,
      filename: "IMG_1234.jpg",
      conflicts: [
        {
          type: "metadata_mismatch",
          field: "caption",
          description: "two captions",
          services: ["flickr", "google-photos"],
          values: { flickr: "Ocean", "google-photos": "Beach" },
          resolution_required: true,
        },
      ],
    },
  ],
};

const storing = (bytes: number) =>
  ({ action: "store-blob", photo_id: PHOTO_ID, target: "local", why: "not there yet", bytes }) as const;

export const replicateResult: ReplicateResult = {
  ...base,
  counts: { planned: 12, done: 11, skipped: 0, failed: 1, bytes: 24_000_000 },
  outcome: "partial",
  plan: Array.from({ length: 12 }, () => storing(2_000_000)),
  bundles: [],
  held: [{ subject: "IMG_9.jpg", why: "its only source is away: /media/card" }],
  costs: [],
  services: [],
  notes: ["Wrong bytes found in store usb were kept at /media/usb/.set-aside/2024_01_a.jpg.1"],
};

export const replicatePlan: ReplicateResult = {
  ...replicateResult,
  dry_run: true,
  commit: null,
  outcome: "done",
  counts: { planned: 12, done: 0, skipped: 0, failed: 0, bytes: 24_000_000 },
};

export const statusResult: StatusResult = {
  ...reading,
  counts: {
    photos: 12_345,
    discovered: 45,
    resolved: 1200,
    replicated: 11_100,
    conflicts: 2,
    discrepancies: 1,
    bytes: 48_200_000_000,
    forgotten: 0,
  },
  services: [
    {
      name: "google-photos",
      provider: "google-takeout",
      photos: 12_000,
      last_discover: "2026-11-17T10:00:00Z",
      note: null,
    },
    {
      name: "folder",
      provider: "folder",
      photos: 345,
      last_discover: null,
      note: "/media/card is not mounted.",
    },
  ],
  stores: [
    {
      name: "local",
      type: "local",
      where: "blobs",
      replicas: 12_300,
      missing: 45,
      last_verify: "2026-11-20T09:00:00Z",
      proofs: [
        {
          way: "listing",
          at: "2026-11-20T09:00:00Z",
          percent: 5,
          checked: 600,
          ok: 598,
          by_size: 598,
          missing: 1,
          corrupt: 1,
          whole_since: null,
          round_percent: 15,
        },
      ],
      note: null,
    },
  ],
  staged: 12,
  uncommitted: ["config/services.json"],
  next: [{ command: "photosync resolve", why: "45 photos wait for it" }],
};

export const auditResult: AuditResult = {
  ...reading,
  counts: { photos: 10, discrepancies: 1, unreadable: 1 },
  outcome: "conflict",
  discrepancies: [
    {
      photo_id: PHOTO_ID,
      filename: "IMG_1.jpg",
      service: "flickr",
      current: "unknown",
      canonical: "private",
    },
  ],
};

const approval = {
  service: "*",
  visibility: "public",
  approved_by: "Ada",
  approved_at: "2026-11-20T10:05:00Z",
  reason: "for the exhibition",
} as const;

const event: VisibilityEvent = {
  operation: COMMIT.slice(0, 12),
  at: "2026-11-20T11:05:00+01:00",
  author: "Ada <ada@example.org>",
  command: "visibility",
  undoes: null,
  photo_id: PHOTO_ID,
  filename: "IMG_1.jpg",
  cause: "approval",
  wider: true,
  canonical: { from: "private", to: "public" },
  services: [],
  approved: [approval],
  withdrawn: [],
  rule: null,
  rests_on: null,
};

export const auditHistory: AuditResult = {
  ...auditResult,
  history: [
    {
      ...event,
      command: "discover",
      cause: "found",
      canonical: { from: null, to: "private" },
      services: [{ service: "flickr", from: null, to: "unknown" }],
      approved: [],
    },
    event,
    {
      ...event,
      operation: COMMIT.slice(1, 13),
      command: "replicate",
      cause: "carried-out",
      canonical: null,
      services: [{ service: "flickr", from: "private", to: "public" }],
      approved: [],
      rests_on: approval,
    },
  ],
};

export const visibilitySetResult: VisibilitySetResult = {
  ...base,
  counts: { changed: 1 },
  photo_id: PHOTO_ID,
  filename: "IMG_1.jpg",
  from: "private",
  to: "public",
  approval,
  wider: true,
  services: [
    { service: "flickr", current: "private" },
    { service: "google-photos", current: "unknown" },
  ],
  plan: [
    {
      action: "set-visibility",
      photo_id: PHOTO_ID,
      target: "flickr",
      why: "you approved public for flickr",
    },
  ],
  held: [{ subject: "google-photos", why: "google-photos shows it as unknown and cannot be told public" }],
};

const operation: OperationSummary = {
  id: COMMIT.slice(0, 12),
  revision: COMMIT,
  at: "2026-11-20T11:05:00+01:00",
  author: "Ada <ada@example.org>",
  command: "discover",
  summary: "1,200 new photos",
  undoes: null,
  undone_by: null,
  report: "reports/0123456789ab.json",
};

export const logResult: LogResult = { ...reading, counts: { operations: 1 }, operations: [operation] };

export const undoResult: UndoResult = {
  ...base,
  counts: { restored: 2, removed: 1200, recreated: 0, kept_narrower: 1 },
  undone: operation,
};

const instant = "2026-11-20T10:05:00Z";
const photo: PhotoDocument = {
  schema_version: 1,
  photo_id: PHOTO_ID,
  content_hash: HASH,
  canonical_source: "flickr:52",
  source_of_truth_path: `blobs/${KEY}`,
  blob_key: KEY,
  media: { mime_type: "image/jpeg", bytes: 2_400_000, width: 4000, height: 3000 },
  metadata: {
    taken_date: "2024-01-15T10:30:00-08:00",
    filename: "IMG_1234.jpg",
    caption: "Sunset",
    location: { lat: 37.76, lng: -122.51 },
    tags: ["beach", "sunset"],
    camera_info: { make: "Canon", model: "EOS R5" },
  },
  favorite: true,
  visibility: { canonical: "private", per_service: { flickr: "friends" }, discrepancies: [] },
  processing_state: "replicated",
  conflicts: [],
  instances: {
    flickr: { id: "52", quality: "original", last_sync: instant, visibility: "friends" },
  },
  replicas: { local: { key: KEY, verified_at: instant } },
  sources: {},
  created_at: instant,
  updated_at: instant,
};

export const showResult: ShowResult = {
  ...reading,
  counts: {},
  photo,
  path: `photos/2024/01/${PHOTO_ID}.json`,
};

export const listResult: ListResult = {
  ...reading,
  counts: { photos: 1 },
  photos: [
    {
      photo_id: PHOTO_ID,
      taken_date: "2024-01-15T10:30:00-08:00",
      filename: "IMG_1234.jpg",
      mime_type: "image/jpeg",
      bytes: 2_400_000,
      processing_state: "resolved",
      visibility: "private",
      services: ["flickr", "google-photos"],
      stores: ["local"],
      conflicts: 1,
      path: `photos/2024/01/${PHOTO_ID}.json`,
    },
  ],
};

export const verifyResult: VerifyResult = {
  ...base,
  counts: {
    checked: 100,
    ok: 98,
    missing: 1,
    corrupt: 1,
    bytes_read: 5_000_000,
    read_whole: 99,
    repaired: 0,
    unrepaired: 0,
  },
  outcome: "integrity",
  deep: true,
  checksums: false,
  proofs: [
    {
      store: "local",
      way: "deep",
      percent: 100,
      checked: 100,
      ok: 98,
      by_size: 0,
      missing: 1,
      corrupt: 1,
      round_percent: 100,
      is_whole: true,
    },
  ],
  repair: false,
  plan: [],
  notes: [],
};

export const doctorResult: DoctorResult = {
  ...reading,
  counts: { ok: 1, warnings: 1, problems: 0, unconfirmed: 1 },
  checks: [
    { name: "Node.js", level: "ok", found: "v20.19.0", advice: null },
    { name: "stores", level: "warning", found: "only one", advice: "Add a second one." },
    { name: "flickr: assumed: videos", level: "unconfirmed", found: "They come.", advice: "Try one." },
  ],
};

/** One result of each command, by the command's name. */
export const SAMPLES = {
  audit: auditResult,
  connect: connectResult,
  disconnect: disconnectResult,
  discover: discoverResult,
  doctor: doctorResult,
  init: initResult,
  list: listResult,
  log: logResult,
  replicate: replicateResult,
  resolve: resolveResult,
  show: showResult,
  status: statusResult,
  undo: undoResult,
  verify: verifyResult,
  "visibility set": visibilitySetResult,
} as const;

export const forgetResult: ForgetResult = {
  ...base,
  counts: { files: 2, bytes: 2_400_000, removed: 2, pending: 1 },
  photo_id: PHOTO_ID,
  filename: "IMG_1.jpg",
  tombstone: `tombstones/${PHOTO_ID}.json`,
  files: [
    { store: null, kind: "staged", where: "/home/ada/library/.photosync/staging/01", bytes: 1_200_000 },
    { store: "b2", kind: "version", where: "s3://photos/2024/01/1", bytes: 1_200_000 },
  ],
  pending: [{ store: "usb", why: "it cannot be reached now" }],
  stays: [
    {
      kind: "service",
      where: "https://www.flickr.com/photos/ada/1",
      why: "flickr's own copy; delete it there",
    },
  ],
};

const costs = {
  basis: {
    preset: "aws",
    storage_class: "DEEP_ARCHIVE",
    currency: "USD",
    as_of: "2025-06-01",
    source: "https://aws.amazon.com/s3/pricing/",
    region: "us-east-1",
    outdated: true,
    minimum_days: 180,
  },
  month_now: 480_000,
  month: 1_234_500_000,
  year: 14_814_000_000,
  upload: 20,
  restore: 4_300_000,
};

export const estimateResult: EstimateResult = {
  ...reading,
  counts: { objects: 12_345, bytes: 48_200_000_000, places: 3 },
  as_of: "2025-06-01",
  places: [
    {
      store: "cold",
      preset: "aws",
      there: { objects: 345, bytes: 2_200_000_000 },
      adds: { objects: 12_000, bytes: 46_000_000_000 },
      costs,
      note: null,
    },
    {
      store: "local",
      preset: null,
      there: { objects: 12_345, bytes: 48_200_000_000 },
      adds: { objects: 0, bytes: 0 },
      costs: null,
      note: "a disk of your own",
    },
    {
      store: null,
      preset: "aws",
      there: { objects: 0, bytes: 0 },
      adds: { objects: 1, bytes: 1 },
      costs,
      note: null,
    },
  ],
};

export const replicatePriced: ReplicateResult = {
  ...replicatePlan,
  costs: [{ store: "cold", adds: { objects: 12, bytes: 24_000_000 }, costs }],
};
