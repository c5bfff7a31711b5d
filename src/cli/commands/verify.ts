import { Flags } from "@oclif/core";
import { BaseCommand } from "../base-command.js";
import { given, parseSample } from "../flag-values.js";
import { renderVerify } from "../render/verify-text.js";

export default class Verify extends BaseCommand {
  static override summary = "Prove that the stores hold what is recorded.";
  static override description =
    "Checks presence and size of every replica; with --deep also reads and hashes its bytes. Bytes that do not match their hash end in exit code 14.";
  static override examples = [
    { description: "Quick check of all stores", command: "<%= config.bin %> verify" },
    {
      description: "Read and hash a twentieth of one store",
      command: "<%= config.bin %> verify --deep --store backup-disk --sample 5%",
    },
  ];
  static override flags = {
    deep: Flags.boolean({ description: "read every byte and compare its hash", default: false }),
    store: Flags.string({ description: "only this store", helpValue: "NAME" }),
    sample: Flags.string({
      description: "only so large a share of the replicas, the same ones all day",
      helpValue: "N%",
    }),
  };

  async run() {
    const { flags } = await this.parse(Verify);
    const options = {
      deep: flags.deep,
      ...given({ store: flags.store, samplePercent: parseSample(flags.sample) }),
    };
    return this.performInLibrary({
      flags,
      dryRun: false,
      operate: (library, run) => library.verify(options, run),
      render: renderVerify,
    });
  }
}
