import { Flags } from "@oclif/core";
import { BaseCommand } from "../base-command.js";
import { given, parseSample } from "../flag-values.js";
import { renderVerify } from "../render/verify-text.js";

export default class Verify extends BaseCommand {
  static override summary = "Prove that the stores hold what is recorded.";
  static override description =
    "Checks presence and size of every replica; with --checksums also the checksum that its store keeps, and with --deep its every byte. Bytes that do not match their hash end in exit code 14. --repair sets wrong bytes aside, never deletes them, and copies the original there again from wherever its bytes are right.";
  static override examples = [
    { description: "Quick check of all stores", command: "<%= config.bin %> verify" },
    {
      description: "Read and hash a twentieth of one store; twenty such runs read all of it",
      command: "<%= config.bin %> verify --deep --store backup-disk --sample 5%",
    },
    {
      description: "Compare the checksums that a bucket keeps",
      command: "<%= config.bin %> verify --checksums --store cloud",
    },
    {
      description: "Read everything, and refill what is damaged",
      command: "<%= config.bin %> verify --deep --repair",
    },
  ];
  static override flags = {
    deep: Flags.boolean({ description: "read every byte and compare its hash", default: false }),
    checksums: Flags.boolean({
      description: "compare the checksums that stores keep, where they keep any; nothing is downloaded",
      exclusive: ["deep"],
      default: false,
    }),
    repair: Flags.boolean({ description: "refill what is missing or damaged", default: false }),
    "dry-run": Flags.boolean({
      description: "with --repair: show what would be refilled, and do nothing",
      default: false,
    }),
    store: Flags.string({ description: "only this store", helpValue: "NAME" }),
    sample: Flags.string({
      description: "only so large a share of the replicas; the next run goes on where this one ended",
      helpValue: "N%",
    }),
  };

  async run() {
    const { flags } = await this.parse(Verify);
    const options = {
      deep: flags.deep,
      checksums: flags.checksums,
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
