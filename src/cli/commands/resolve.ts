import { Flags } from "@oclif/core";
import { BaseCommand } from "../base-command.js";
import { renderResolve } from "../render/resolve-text.js";

export default class Resolve extends BaseCommand {
  static override summary = "Settle what the sources disagree on (phase 2).";
  static override description =
    "Settles by rule what rules can settle, and lists what a person must decide (exit code 10). A photo is never shown to more people than before.";
  static override examples = [
    { description: "Settle what the rules can settle", command: "<%= config.bin %> resolve" },
    {
      description: "The same, spelled out",
      command: "<%= config.bin %> resolve --auto-resolve simple",
    },
    { description: "See what would be settled", command: "<%= config.bin %> resolve --dry-run" },
  ];
  static override flags = {
    "auto-resolve": Flags.option({
      description: "which conflicts rules may settle",
      options: ["simple", "none"] as const,
      default: "simple" as const,
    })(),
    "dry-run": Flags.boolean({
      description: "show what would be settled, and write nothing",
      default: false,
    }),
  };

  async run() {
    const { flags } = await this.parse(Resolve);
    const options = { autoResolve: flags["auto-resolve"], dryRun: flags["dry-run"] };
    return this.performInLibrary({
      flags,
      dryRun: options.dryRun,
      operate: (library, run) => library.resolve(options, run),
      render: renderResolve,
    });
  }
}
