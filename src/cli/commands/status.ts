import { BaseCommand } from "../base-command.js";
import { renderStatus } from "../render/status-text.js";

export default class Status extends BaseCommand {
  static override summary = "Show where everything stands and what to do next.";
  static override examples = [
    { description: "The library here", command: "<%= config.bin %> status" },
    {
      description: "Another one, for a script",
      command: "<%= config.bin %> status --library ~/photos --json",
    },
  ];

  async run() {
    const { flags } = await this.parse(Status);
    return this.performInLibrary({
      flags,
      dryRun: false,
      operate: (library, run) => library.status(run),
      render: renderStatus,
    });
  }
}
