import { bucketContract, IN_THE_CLEAR, SEALED, USUAL } from "../contract/bucket-contract.js";
import { openCephStore } from "./bucket.js";

bucketContract("s3 store on Ceph", IN_THE_CLEAR, openCephStore, USUAL);
bucketContract("sealed s3 store on Ceph", SEALED, openCephStore, USUAL);
