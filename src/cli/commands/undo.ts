import { Args, Flags } from "@oclif/core";
import { BaseCommand } from "../base-command.js";
import { renderUndo } from "../render/undo-text.js";

export default class Undo extends BaseCommand {
  static override summary = "Take one operation back.";
  static override description =
    "Adds a commit that reverses the operation; history is never rewritten, and no photo becomes visible to more people.";
  static override examples = [
    { description: "Take the latest operation back", command: "<%= config.bin %> undo" },
    {
      description: "See what taking an older one back would do",
      command: "<%= config.bin %> undo 0123456789ab --dry-run",
    },
  ];
  static override args = {
    // oclif would otherwise wait for a missing argument on standard input.
    operation: Args.string({
      description: "the operation's id, as `photosync log` shows it; the latest if left out",
      ignoreStdin: true,
    }),
  };
  static override flags = {
    "dry-run": Flags.boolean({
      description: "show what would be reversed, and write nothing",
      default: false,
    }),
  };

  async run() {
    const { args, flags } = await this.parse(Undo);
    const dryRun = flags["dry-run"];
    return this.performInLibrary({
      flags,
      dryRun,
      operate: (library, run) => library.undo(args.operation, { dryRun }, run),
      render: renderUndo,
    });
  }
}
