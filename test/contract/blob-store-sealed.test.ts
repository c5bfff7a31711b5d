import { AWS_LIKE, POOR } from "../emulators/s3/state.js";
import { type BucketOpening, bucketContract, USUAL } from "./bucket-contract.js";
import { PREFIX } from "./s3-opened.js";
import { openSealedWorld, type SealedWorld } from "./sealed-opened.js";

const sealed: BucketOpening<SealedWorld> = {
  open: openSealedWorld,
  behind: (world) => ({
    plant: (key, bytes) => world.plantSealed(key, bytes),
    plantBundle: (name, bytes) => world.plantSealed(`library/${name}`, bytes),
    readAside: (asidePath) => world.opened(asidePath.slice(`s3://photos/${PREFIX}`.length)),
    readChecksumList: async () => Buffer.from(await world.opened("sums.age")).toString(),
  }),
  isProbe: (key) => key.startsWith(`${PREFIX}t/`),
};

bucketContract("sealed s3 store on a server like AWS", sealed, { ...AWS_LIKE, pageSize: 3 }, USUAL);
bucketContract(
  "sealed s3 store in parts on a server that proves nothing",
  sealed,
  { ...POOR, leastPartBytes: 1 },
  { wholeBytes: 2000, partBytes: 30_000, bigBytes: 300_001 },
);
