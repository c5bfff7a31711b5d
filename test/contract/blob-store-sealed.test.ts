import { AWS_LIKE, POOR } from "../emulators/s3/state.js";
import { bucketContract, SEALED, USUAL } from "./bucket-contract.js";
import { openS3World } from "./s3-opened.js";

bucketContract(
  "sealed s3 store on a server like AWS",
  SEALED,
  (settings) => openS3World({ ...AWS_LIKE, pageSize: 3 }, settings),
  USUAL,
);
bucketContract(
  "sealed s3 store in parts on a server that proves nothing",
  SEALED,
  (settings) => openS3World({ ...POOR, leastPartBytes: 1 }, settings),
  { wholeBytes: 2000, partBytes: 30_000, bigBytes: 300_001 },
);
