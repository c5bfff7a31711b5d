import { Flags } from "@oclif/core";
import { BaseCommand } from "../base-command.js";
import { given, parseSample } from "../flag-values.js";
import { renderVerify } from "../render/verify-text.js";

export default class Verify extends BaseCommand {
  static override summary = "Prove that the stores hold what is recorded.";
  static override description =
    "Checks presence and size of every replica; with --deep also reads and hashes its bytes. Bytes that do not match their hash end in exit code 14. --repair sets wrong bytes aside, never deletes them, and copies the original there again from wherever its bytes are right.";
  static override examples = [
    { description: "Quick check of all stores", command: "<%= config.bin %> verify" },
    {
      description: "Read and hash a twentieth of one store",
      command: "<%= config.bin %> verify --deep --store backup-disk --sample 5%",
    },
    {
      description: "Read everything, and refill what is damaged",
      command: "<%= config.bin %> verify --deep --repair",
    },
  ];
  static override flags = {
    deep: Flags.boolean({ description: "read every byte and compare its hash", default: false }),
    repair: Flags.boolean({ description: "refill what is missing or damaged", default: false }),
    "dry-run": Flags.boolean({
      description: "with --repair: show what would be refilled, and do nothing",
      dependsOn: ["repair"],
      default: false,
    }),
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
      repair: flags.repair,
      dryRun: flags["dry-run"],
      ...given({ store: flags.store, samplePercent: parseSample(flags.sample) }),
    };
    return this.performInLibrary({
      flags,
      dryRun: options.dryRun,
      operate: (library, run) => library.verify(options, run),
      render: renderVerify,
    });
  }
}
