import { Args, Flags } from "@oclif/core";
import { VISIBILITIES } from "../../../domain/visibility.js";
import { BaseCommand } from "../../base-command.js";
import { confirmAt } from "../../confirm.js";
import { personHere } from "../../person-here.js";
import { renderVisibilitySet } from "../../render/visibility-text.js";

export default class VisibilitySet extends BaseCommand {
  static override summary = "Decide who may see a photo.";
  static override description =
    "Records your decision in the photo's document, as one operation. What may show the photo to more people is asked about first, or needs --yes where nobody can be asked; less needs no question. Nothing changes at a service until `replicate` carries it out.";
  static override examples = [
    { description: "Let everyone see it", command: "<%= config.bin %> visibility set IMG_1234.jpg public" },
    {
      description: "Keep it to yourself, everywhere",
      command: "<%= config.bin %> visibility set 3f2a9c1e private",
    },
    {
      description: "In a script, with the reason",
      command: '<%= config.bin %> visibility set IMG_1234.jpg friends --yes --reason "for the class reunion"',
    },
  ];
  static override args = {
    photo: Args.string({
      description: "photo id or the beginning of one, content hash, path of the document, or file name",
      required: true,
      ignoreStdin: true,
    }),
    level: Args.string({
      description: "private (only you), friends (your contacts) or public (everyone)",
      options: [...VISIBILITIES],
      required: true,
      ignoreStdin: true,
    }),
  };
  static override flags = {
    reason: Flags.string({ description: "why, to be kept with the decision" }),
    yes: Flags.boolean({
      description: "agree beforehand that more people may see the photo",
      default: false,
    }),
    "dry-run": Flags.boolean({
      description: "show what would be recorded, and write nothing",
      default: false,
    }),
  };

  async run() {
    const { args, flags } = await this.parse(VisibilitySet);
    const dryRun = flags["dry-run"];
    // The parser has let nothing else through.
    const level = VISIBILITIES.find((known) => known === args.level) ?? "private";
    const options = {
      photo: args.photo,
      level,
      reason: flags.reason ?? "",
      yes: flags.yes,
      dryRun,
      confirm: confirmAt(personHere(flags["no-input"])),
    };
    return this.performInLibrary({
      flags,
      dryRun,
      operate: (library, run) => library.setVisibility(options, run),
      render: renderVisibilitySet,
    });
  }
}
