import { parseArgs } from "node:util";
import { settleShares, shareTable } from "./settle-share.js";

// How many differences between three sources settle themselves: `npm run settling -- [--seed N] [--photos N]`.
// Exit 1 where one was settled that should not have been, or otherwise than it should.
const { values } = parseArgs({
  options: { seed: { type: "string", default: "1" }, photos: { type: "string", default: "20000" } },
});
const shares = settleShares(Number(values.photos), Number(values.seed));
console.log(shareTable(shares));
for (const told of shares.wrong.slice(0, 40)) console.log(`WRONG ${told}`);
process.exitCode = shares.wrong.length > 0 || shares.widened > 0 ? 1 : 0;
