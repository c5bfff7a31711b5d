import { AWS_LIKE, CEPH_LIKE, POOR, type Profile } from "../emulators/s3/state.js";
import { blobStoreContract } from "./blob-store.js";
import { openS3World, PREFIX } from "./s3-opened.js";

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
      const world = await openS3World(profile, settings);
      return {
        store: world.store,
        plant: async (key, bytes) => world.plant(key, bytes),
        plantBundle: async (name, bytes) => world.plant(`library/${name}`, bytes),
        readAside: async (asidePath) =>
          new Uint8Array(world.objects().get(asidePath.slice("s3://photos/".length))?.bytes ?? []),
        readChecksumList: async () => world.objects().get(`${PREFIX}SHA256SUMS`)?.bytes.toString() ?? "",
        async leftovers() {
          const noted = new Set((await world.notes.all()).map(({ uploadId }) => uploadId));
          const uploads = [...world.server.bucket("photos").uploads.values()].filter(
            ({ id }) => !noted.has(id),
          );
          const probes = [...world.objects().keys()].filter((key) => key.includes("probe"));
          return [...uploads.map(({ key }) => key), ...probes];
        },
        close: () => world.close(),
      };
    },
  });
}

const USUAL = { wholeBytes: MIB, partBytes: 5 * MIB, bigBytes: 5 * MIB + 1 };
/** Almost everything goes in parts. */
const IN_PARTS = { wholeBytes: 500, partBytes: 30_000, bigBytes: 300_001 };

contract("s3 store on a server like AWS", { ...AWS_LIKE, pageSize: 3 }, USUAL);
contract(
  "s3 store in parts on a server like Ceph",
  { ...CEPH_LIKE, leastPartBytes: 1, pageSize: 4 },
  IN_PARTS,
);
contract("s3 store in parts on a server that proves nothing", { ...POOR, leastPartBytes: 1 }, IN_PARTS);
