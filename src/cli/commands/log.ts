import { Flags } from "@oclif/core";
import { BaseCommand } from "../base-command.js";
import { renderLog } from "../render/log-text.js";

export default class Log extends BaseCommand {
  static override summary = "List the operations that changed the library, newest first.";
  static override examples = [
    { description: "All operations", command: "<%= config.bin %> log" },
    { description: "The last five", command: "<%= config.bin %> log --limit 5" },
  ];
  static override flags = {
    limit: Flags.integer({ description: "at most so many", helpValue: "N", min: 1 }),
  };

  async run() {
    const { flags } = await this.parse(Log);
    const options = flags.limit === undefined ? {} : { limit: flags.limit };
    return this.performInLibrary({
      flags,
      dryRun: false,
      operate: (library, run) => library.log(options, run),
      render: renderLog,
    });
  }
}
