import { AWS_LIKE, CEPH_LIKE, POOR } from "../emulators/s3/state.js";
import { bucketContract, IN_THE_CLEAR, USUAL } from "./bucket-contract.js";
import { openS3World } from "./s3-opened.js";

/** Almost everything goes in parts. */
const IN_PARTS = { wholeBytes: 500, partBytes: 30_000, bigBytes: 300_001 };

bucketContract(
  "s3 store on a server like AWS",
  IN_THE_CLEAR,
  (settings) => openS3World({ ...AWS_LIKE, pageSize: 3 }, settings),
  USUAL,
);
bucketContract(
  "s3 store in parts on a server like Ceph",
  IN_THE_CLEAR,
  (settings) => openS3World({ ...CEPH_LIKE, leastPartBytes: 1, pageSize: 4 }, settings),
  IN_PARTS,
);
bucketContract(
  "s3 store in parts on a server that proves nothing",
  IN_THE_CLEAR,
  (settings) => openS3World({ ...POOR, leastPartBytes: 1 }, settings),
  IN_PARTS,
);
