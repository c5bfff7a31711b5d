import { AWS_LIKE, POOR, type Profile } from "../emulators/s3/state.js";
import { blobStoreContract } from "./blob-store.js";
import { PREFIX } from "./s3-opened.js";
import { openSealedWorld } from "./sealed-opened.js";

const MIB = 1024 ** 2;

function contract(
  name: string,
  profile: Profile,
  sizes: { wholeBytes: number; partBytes: number; bigBytes: number },
): void {
  const { bigBytes, ...settings } = sizes;
  blobStoreContract(name, {
    bigBytes,
    async open() {
      const world = await openSealedWorld(profile, settings);
      return {
        store: world.store,
        plant: (key, bytes) => world.plantSealed(key, bytes),
        plantBundle: (name, bytes) => world.plantSealed(`library/${name}`, bytes),
        readAside: async (asidePath) => world.opened(asidePath.slice(`s3://photos/${PREFIX}`.length)),
        readChecksumList: async () => Buffer.from(await world.opened("sums.age")).toString(),
        async leftovers() {
          const noted = new Set((await world.notes.all()).map(({ uploadId }) => uploadId));
          const uploads = [...world.server.bucket("photos").uploads.values()].filter(
            ({ id }) => !noted.has(id),
          );
          const probes = [...world.objects().keys()].filter((key) => key.startsWith(`${PREFIX}t/`));
          return [...uploads.map(({ key }) => key), ...probes];
        },
        close: () => world.close(),
      };
    },
  });
}

contract(
  "sealed s3 store on a server like AWS",
  { ...AWS_LIKE, pageSize: 3 },
  { wholeBytes: MIB, partBytes: 5 * MIB, bigBytes: 5 * MIB + 1 },
);
contract(
  "sealed s3 store in parts on a server that proves nothing",
  { ...POOR, leastPartBytes: 1 },
  { wholeBytes: 2000, partBytes: 30_000, bigBytes: 300_001 },
);
