import { Args } from "@oclif/core";
import { BaseCommand } from "../base-command.js";
import { renderShow } from "../render/show-text.js";

export default class Show extends BaseCommand {
  static override summary = "Show all that is known of one photo.";
  static override examples = [
    {
      description: "By the beginning of its id",
      command: "<%= config.bin %> show 3f2a9c1e",
    },
    { description: "The whole document", command: "<%= config.bin %> show 3f2a9c1e --json" },
  ];
  static override args = {
    photo: Args.string({
      description: "the photo's id, or enough of its beginning",
      required: true,
      ignoreStdin: true,
    }),
  };

  async run() {
    const { args, flags } = await this.parse(Show);
    return this.performInLibrary({
      flags,
      dryRun: false,
      operate: (library, run) => library.show(args.photo, run),
      render: renderShow,
    });
  }
}
