import { AWS_LIKE, CEPH_LIKE, POOR } from "../emulators/s3/state.js";
import { type BucketOpening, bucketContract, USUAL } from "./bucket-contract.js";
import { openS3World, PREFIX, type S3World } from "./s3-opened.js";

const inTheClear: BucketOpening<S3World> = {
  open: openS3World,
  behind: (world) => ({
    plant: async (key, bytes) => world.plant(key, bytes),
    plantBundle: async (name, bytes) => world.plant(`library/${name}`, bytes),
    readAside: async (asidePath) =>
      new Uint8Array(world.objects().get(asidePath.slice("s3://photos/".length))?.bytes ?? []),
    readChecksumList: async () => world.objects().get(`${PREFIX}SHA256SUMS`)?.bytes.toString() ?? "",
  }),
  isProbe: (key) => key.includes("probe"),
};

/** Almost everything goes in parts. */
const IN_PARTS = { wholeBytes: 500, partBytes: 30_000, bigBytes: 300_001 };

bucketContract("s3 store on a server like AWS", inTheClear, { ...AWS_LIKE, pageSize: 3 }, USUAL);
bucketContract(
  "s3 store in parts on a server like Ceph",
  inTheClear,
  { ...CEPH_LIKE, leastPartBytes: 1, pageSize: 4 },
  IN_PARTS,
);
bucketContract(
  "s3 store in parts on a server that proves nothing",
  inTheClear,
  { ...POOR, leastPartBytes: 1 },
  IN_PARTS,
);
