import { resolve } from "node:path";
import { Args } from "@oclif/core";
import { BaseCommand } from "../base-command.js";
import { renderInit } from "../render/init-text.js";

export default class Init extends BaseCommand {
  static override summary = "Make a library.";
  static override description =
    "Makes a Git repository with the folders, settings and schemas of a library, in a new or empty folder. Nothing that is there already is touched.";
  static override examples = [
    { description: "Make a library in a new folder", command: "<%= config.bin %> init ~/Pictures/library" },
    { description: "Make this folder one", command: "<%= config.bin %> init" },
  ];
  static override args = {
    // oclif would otherwise wait for a missing argument on standard input.
    dir: Args.string({ description: "the folder; this one if left out", ignoreStdin: true }),
  };

  async run() {
    const { args, flags } = await this.parse(Init);
    const directory = resolve(args.dir ?? flags.library ?? ".");
    return this.perform({
      flags,
      dryRun: false,
      operate: async (run) => {
        const { initLibrary } = await import("../../app.js");
        return initLibrary(directory, run);
      },
      render: renderInit,
    });
  }
}
