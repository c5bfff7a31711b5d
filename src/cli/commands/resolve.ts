import { Flags } from "@oclif/core";
import { BaseCommand } from "../base-command.js";
import { renderResolve } from "../render/resolve-text.js";
import { resolveByFile } from "../resolve-by-file.js";
import { resolveInteractively } from "../resolve-interactively.js";

export default class Resolve extends BaseCommand {
  static override summary = "Settle what the sources disagree on (phase 2).";
  static override description =
    "Settles by rule what rules can settle, and lists what a person must decide (exit code 10). A person decides in the terminal (--interactive) or by a file (--export-conflicts, then --decisions). A photo is never shown to more people than before, unless its owner confirms just that.";
  static override examples = [
    { description: "Settle what the rules can settle", command: "<%= config.bin %> resolve" },
    {
      description: "The same, spelled out",
      command: "<%= config.bin %> resolve --auto-resolve simple",
    },
    { description: "See what would be settled", command: "<%= config.bin %> resolve --dry-run" },
    {
      description: "Decide the rest in the terminal; quit at any time, what was decided counts",
      command: "<%= config.bin %> resolve --interactive",
    },
    {
      description: "Write what is open to a file, to be answered in an editor or by a program",
      command: "<%= config.bin %> resolve --export-conflicts questions.json",
    },
    {
      description: "Record the answers that stand in it; the rest stays open",
      command: "<%= config.bin %> resolve --decisions questions.json",
    },
    {
      description: "The first option for every caption, with jq",
      command:
        "<%= config.bin %> resolve --export-conflicts - | jq '.decisions |= map(select(.kind == \"caption\") | .answer = 1)' | <%= config.bin %> resolve --decisions -",
    },
  ];
  static override flags = {
    "auto-resolve": Flags.option({
      description: "which conflicts rules may settle",
      options: ["simple", "none"] as const,
      default: "simple" as const,
    })(),
    interactive: Flags.boolean({
      description: "decide in the terminal what rules leave open",
      exclusive: ["dry-run", "decisions", "export-conflicts"],
      default: false,
    }),
    "export-conflicts": Flags.string({
      description: "write what is open to a file that is not there yet (- for standard output)",
      helpValue: "FILE",
      exclusive: ["dry-run", "decisions", "interactive"],
    }),
    decisions: Flags.string({
      description: "record the answers in a file (- for standard input)",
      helpValue: "FILE",
      exclusive: ["export-conflicts", "interactive"],
    }),
    "dry-run": Flags.boolean({
      description: "show what would be settled and decided, and write nothing",
      default: false,
    }),
  };

  async run() {
    const { flags } = await this.parse(Resolve);
    const options = { autoResolve: flags["auto-resolve"], dryRun: flags["dry-run"] };
    if (flags["export-conflicts"] !== undefined || flags.decisions !== undefined) {
      return this.performInLibrary(
        resolveByFile(flags, options, {
          exportTo: flags["export-conflicts"],
          decisionsFrom: flags.decisions,
        }),
      );
    }
    return this.performInLibrary({
      flags,
      dryRun: options.dryRun,
      operate: (library, run, screen) =>
        flags.interactive
          ? resolveInteractively(library, options, { flags, screen }, run)
          : library.resolve(options, run),
      render: renderResolve,
    });
  }
}
