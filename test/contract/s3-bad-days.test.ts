import { afterAll, beforeAll, expect, it } from "vitest";
import { AWS_LIKE, POOR } from "../emulators/s3/state.js";
import { type BucketWorld, type Computer, openBucketWorld, RIGHT_KEYS } from "./bucket-library.js";

let world: BucketWorld;
/** On which nothing comes to pass. */
let unlucky: Computer;
beforeAll(async () => {
  world = await openBucketWorld([500, 3_000, 60_000]);
  unlucky = await world.computer();
}, 120_000);
afterAll(async () => {
  unlucky.end();
  await world.end();
});

/** A day's body on a fresh bucket, with a computer whose three photos are nowhere but on its own disk. */
const onDay =
  (day: (computer: Computer) => Promise<void>, profile = AWS_LIKE) =>
  async (): Promise<void> => {
    world.reset(profile);
    const computer = await world.computer();
    try {
      await day(computer);
    } finally {
      computer.end();
    }
  };

/** When the trouble is over: the next run does what was left, every record is true, and every byte is proven. */
async function comesToAnEnd(computer: Computer): Promise<void> {
  world.server.faults.clear();
  world.server.state.denied.clear();
  const last = await computer.replicate();
  expect(last.failures).toEqual([]);
  expect(await computer.recordedTruly()).toBe(world.photos);
  const { failures, counts } = await computer.verify({ deep: true });
  expect(failures).toEqual([]);
  expect(counts).toMatchObject({ ok: 2 * world.photos, missing: 0, corrupt: 0 });
}

interface Day {
  readonly spoil: () => void;
  readonly env?: Readonly<Record<string, string>>;
  readonly code: string;
  /** What a person must read: what happened, and what to do. */
  readonly says: RegExp;
  readonly advises: RegExp;
}

const refuse = (status: number, code: string) => () =>
  world.server.faults.add({ kind: "refuse", refusal: { status, code } });
const deny = (operation: "ListObjectsV2" | "GetObject" | "PutObject" | "DeleteObject") => () =>
  void world.server.state.denied.add(operation);

const DAYS: readonly (readonly [string, Day])[] = [
  [
    "a wrong secret",
    {
      spoil: () => {},
      env: { ...RIGHT_KEYS, AWS_SECRET_ACCESS_KEY: "a-wrong-secret" },
      code: "store.wrong-keys",
      says: /does not accept its access keys/,
      advises: /SECRET_ACCESS_KEY/,
    },
  ],
  [
    "an unknown key",
    {
      spoil: () => {},
      env: { ...RIGHT_KEYS, AWS_ACCESS_KEY_ID: "AKIDOTHER" },
      code: "store.wrong-keys",
      says: /does not accept its access keys/,
      advises: /ACCESS_KEY_ID/,
    },
  ],
  [
    "no keys",
    { spoil: () => {}, env: {}, code: "store.no-keys", says: /no access keys/, advises: /ACCESS_KEY_ID/ },
  ],
  [
    "an expired session",
    {
      spoil: () => world.server.expire(),
      code: "store.session-expired",
      says: /session .* expired/,
      advises: /Sign in again/,
    },
  ],
  [
    "a clock that no answer sets right",
    {
      spoil: refuse(403, "RequestTimeTooSkewed"),
      code: "store.clock-skew",
      says: /clock/,
      advises: /date, time/,
    },
  ],
  [
    "no bucket",
    {
      spoil: () => void world.server.state.buckets.delete("photos"),
      code: "store.no-bucket",
      says: /no bucket photos/,
      advises: /Make the bucket/,
    },
  ],
  [
    "no permission to list",
    {
      spoil: deny("ListObjectsV2"),
      code: "store.no-permission",
      says: /may not list/,
      advises: /policy/,
    },
  ],
  [
    "no permission to read",
    { spoil: deny("GetObject"), code: "store.no-permission", says: /may not read/, advises: /policy/ },
  ],
  [
    "no permission to write",
    { spoil: deny("PutObject"), code: "store.no-permission", says: /may not write/, advises: /policy/ },
  ],
  [
    "no permission to remove",
    { spoil: deny("DeleteObject"), code: "store.no-permission", says: /may not remove/, advises: /removing/ },
  ],
  [
    "a storm of SlowDown that lasts",
    {
      spoil: () => world.server.faults.add({ kind: "slow-down" }),
      code: "store.rate-limited",
      says: /slow down/,
      advises: /again after \d{4}-/,
    },
  ],
  [
    "a storm that begins in the middle",
    {
      spoil: () => world.server.faults.add({ kind: "slow-down", after: 25 }),
      code: "store.rate-limited",
      says: /slow down/,
      advises: /again after \d{4}-/,
    },
  ],
  [
    "connections that are all cut",
    {
      spoil: () => world.server.faults.add({ kind: "reset" }),
      code: "store.unavailable",
      says: /cut|down/,
      advises: /again after \d{4}-/,
    },
  ],
  [
    "uploads that all break off",
    {
      spoil: () => world.server.faults.add({ kind: "reset", operation: "PutObject" }),
      code: "store.unavailable",
      says: /cut|down/,
      advises: /again after \d{4}-/,
    },
  ],
  [
    "a full store",
    {
      spoil: () =>
        world.server.faults.add({
          kind: "refuse",
          operation: "PutObject",
          refusal: { status: 507, code: "InsufficientStorage" },
        }),
      code: "store.no-space",
      says: /takes nothing more/,
      advises: /Make room/,
    },
  ],
];

it.each(DAYS)("%s is told with what to do, and nothing is recorded", async (_, day) => {
  world.reset();
  day.spoil();
  const { outcome, failures } = await unlucky.replicate(day.env === undefined ? {} : { env: day.env });
  expect(outcome).toBe("partial");
  const [told, ...others] = failures.filter(({ subject }) => subject === "store cloud");
  expect(others).toEqual([]);
  expect(told).toMatchObject({
    code: day.code,
    message: expect.stringMatching(day.says),
    hint: expect.stringMatching(day.advises),
  });
  expect(JSON.stringify(failures)).not.toContain("a-wrong-secret");
  expect(await unlucky.recordedTruly()).toBe(0);
});

it.each([
  ["breaks off", AWS_LIKE, "store.rate-limited", /slow down/, /again after \d{4}-/],
  [
    "goes on nobody knows where",
    { ...AWS_LIKE, namesNextPage: false, pageSize: 2 },
    "store.unreliable",
    /goes on/,
    /Do not rely/,
  ],
] as const)(
  "of a listing that %s nothing is concluded, and it is told",
  async (_, profile, code, says, advises) => {
    world.reset();
    const computer = await world.computer();
    try {
      expect((await computer.replicate()).failures).toEqual([]);
      world.server.state.profile = profile;
      if (profile.namesNextPage) world.server.faults.add({ kind: "slow-down", operation: "ListObjectsV2" });
      const { failures, counts } = await computer.replicate();
      expect(counts).toMatchObject({ planned: 0, done: 0 });
      expect(failures).toMatchObject([
        {
          subject: "store cloud",
          code,
          message: expect.stringMatching(says),
          hint: expect.stringMatching(advises),
        },
      ]);
      world.server.state.profile = AWS_LIKE;
      await comesToAnEnd(computer);
    } finally {
      computer.end();
    }
  },
);

it("after all of these days the first good one stores everything", async () => {
  world.reset();
  await comesToAnEnd(unlucky);
});

it(
  "a storm that passes, lost answers and broken downloads change nothing but the time",
  onDay(async (computer) => {
    world.server.faults.add({ kind: "slow-down", times: 4 });
    world.server.faults.add({ kind: "reset-after", operation: "PutObject", times: 2 });
    world.server.faults.add({ kind: "cut", operation: "GetObject", times: 3 });
    expect((await computer.replicate()).failures).toEqual([]);
    world.server.faults.add({ kind: "cut", operation: "GetObject", times: 3 });
    world.server.faults.add({ kind: "cut", operation: "ListObjectsV2", times: 2 });
    await comesToAnEnd(computer);
  }, POOR),
);

it.each([
  ["expires", 400, "ExpiredToken", "store.session-expired"],
  ["is full", 507, "XMinioStorageFull", "store.no-space"],
])(
  "what %s after the first photo leaves that one stored, and the rest for the next run",
  async (_, status, code, told) => {
    await onDay(async (computer) => {
      world.server.faults.add({
        kind: "refuse",
        operation: "PutObject",
        key: ".jpg",
        after: 1,
        refusal: { status, code },
      });
      const { failures } = await computer.replicate();
      expect(failures.map((failure) => failure.code)).toEqual([told]);
      expect(await computer.recordedTruly()).toBe(1);
      await comesToAnEnd(computer);
    })();
  },
);

it(
  "a checksum list that cannot be written hides nothing of what was recorded",
  onDay(async (computer) => {
    world.server.faults.add({ kind: "slow-down", key: "SHA256SUMS" });
    const { failures, commit } = await computer.replicate();
    expect(failures.map(({ code }) => code)).toEqual(["store.list-not-written"]);
    expect(commit).not.toBeNull();
    expect(await computer.recordedTruly()).toBe(world.photos);
    await comesToAnEnd(computer);
  }),
);

it(
  "while a store cannot be asked, verify says so and calls nothing missing",
  onDay(async (computer) => {
    await computer.replicate();
    for (const [status, code] of [
      [400, "ExpiredToken"],
      [403, "AccessDenied"],
      [503, "SlowDown"],
    ] as const) {
      for (const after of [0, 2]) {
        world.server.faults.add({ kind: "refuse", refusal: { status, code }, after });
        const { failures, counts } = await computer.verify({ deep: true });
        expect(failures.length).toBeGreaterThan(0);
        expect(counts).toMatchObject({ missing: 0, corrupt: 0 });
        world.server.faults.clear();
      }
    }
    await comesToAnEnd(computer);
  }),
);

it(
  "a store that says the right checksum and keeps other bytes is found out by reading, and mended",
  onDay(async (computer) => {
    await computer.replicate();
    for (const [key, object] of world.server.bucket("photos").objects)
      if (/^lib\/(?:\d{4}|undated)\//.test(key)) object.bytes[3] = (object.bytes[3] ?? 0) ^ 1;
    expect((await computer.verify()).counts).toMatchObject({ corrupt: 0 });
    const found = await computer.verify({ deep: true });
    expect(found).toMatchObject({ outcome: "integrity", counts: { corrupt: world.photos } });
    const mended = await computer.replicate();
    expect(mended).toMatchObject({ failures: [], counts: { done: world.photos } });
    expect(mended.notes).toHaveLength(world.photos);
    await comesToAnEnd(computer);
  }),
);

it(
  "a store that lies where it proves nothing is found out at once, and believed in nothing",
  onDay(async (computer) => {
    expect((await computer.replicate()).failures).toEqual([]);
    world.reset(POOR);
    const other = await world.computer();
    try {
      world.server.faults.add({ kind: "lie", operation: "PutObject", key: ".jpg", times: 2 });
      const { failures } = await other.replicate();
      expect(failures.filter(({ code }) => code === "store.unreliable")).toHaveLength(2);
      expect(await other.recordedTruly()).toBe(1);
      await comesToAnEnd(other);
    } finally {
      other.end();
    }
  }),
);

it.each([
  ["AWS", AWS_LIKE],
  ["nothing", POOR],
] as const)(
  "two clones of a library replicate at once to one bucket that knows %s, and both are right",
  async (_, profile) => {
    await onDay(async (computer) => {
      const other = await world.computer();
      try {
        const runs = await Promise.all([computer.replicate(), other.replicate()]);
        expect(runs.map(({ failures }) => failures)).toEqual([[], []]);
        for (const each of [computer, other]) expect(await each.recordedTruly()).toBe(world.photos);
        expect(world.server.bucket("photos").uploads.size).toBe(0);
        await comesToAnEnd(computer);
        await comesToAnEnd(other);
      } finally {
        other.end();
      }
    }, profile)();
  },
);

it("a wrong passphrase, or none, is told, and touches nothing", async () => {
  const sealed = await openBucketWorld([500], { encryption: "age" });
  const computer = await sealed.computer();
  const env = { ...RIGHT_KEYS, PHOTOSYNC_PASSPHRASE: "correct horse battery" };
  try {
    expect((await computer.replicate({ env })).failures).toEqual([]);
    const kept = () => [...sealed.server.bucket("photos").objects].map(([key, { etag }]) => [key, etag]);
    const before = kept();
    for (const [passphrase, code] of [
      ["Correct horse battery", "store.wrong-passphrase"],
      ["", "store.no-passphrase"],
    ] as const) {
      const { failures } = await computer.replicate({ env: { ...env, PHOTOSYNC_PASSPHRASE: passphrase } });
      expect(failures).toMatchObject([
        {
          subject: "store cloud",
          code,
          message: expect.stringMatching(/passphrase/),
          hint: expect.stringMatching(/passphrase|PASSPHRASE/),
        },
      ]);
      expect(JSON.stringify(failures)).not.toContain("Correct horse");
    }
    expect(kept()).toEqual(before);
    expect((await computer.verify({ deep: true, env })).failures).toEqual([]);
  } finally {
    computer.end();
    await sealed.end();
  }
});
