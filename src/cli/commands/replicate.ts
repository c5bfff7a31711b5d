import { Flags } from "@oclif/core";
import { BaseCommand } from "../base-command.js";
import { given, parseUploadRate } from "../flag-values.js";
import { renderReplicate } from "../render/replicate-text.js";
import { surroundings } from "../surroundings.js";

export default class Replicate extends BaseCommand {
  static override summary = "Copy every original to every store, and bring services into line (phase 3).";
  static override description =
    "Without --execute it only shows the plan. A copy counts as made when its bytes have been proven equal to the original's. A service is written to only where its entry in config/services.json says so; uploads go out private, and nothing is shown to more people without your approval.";
  static override examples = [
    { description: "See the plan", command: "<%= config.bin %> replicate --dry-run" },
    { description: "Do it", command: "<%= config.bin %> replicate --execute" },
    { description: "Only one service", command: "<%= config.bin %> replicate --execute --to flickr" },
    {
      description: "Leave the line to others",
      command: "<%= config.bin %> replicate --execute --max-upload-rate 2MB/s",
    },
    { description: "Only one store", command: "<%= config.bin %> replicate --execute --to backup-disk" },
  ];
  static override flags = {
    "dry-run": Flags.boolean({ description: "show the plan; the same as no flag", default: false }),
    execute: Flags.boolean({ description: "do what the plan says", exclusive: ["dry-run"], default: false }),
    to: Flags.string({
      description: "only this store or account; may be given again",
      helpValue: "NAME",
      multiple: true,
      multipleNonGreedy: true,
    }),
    "max-upload-rate": Flags.string({
      description: "send no more than this to each bucket; its own max_upload_rate counts where it is less",
      helpValue: "RATE",
    }),
  };

  async run() {
    const { flags } = await this.parse(Replicate);
    const mode = flags.execute ? ("do" as const) : ("show" as const);
    const uploadBytesPerSecond = parseUploadRate(flags["max-upload-rate"]);
    return this.performInLibrary({
      flags,
      dryRun: mode === "show",
      operate: (library, run) =>
        library.replicate(
          {
            mode,
            to: flags.to ?? [],
            surroundings: { ...surroundings(this.config.version), ...given({ uploadBytesPerSecond }) },
          },
          run,
        ),
      render: renderReplicate,
    });
  }
}
