import { BaseCommand } from "../base-command.js";
import { statusJob } from "../status-job.js";

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
    return this.performInLibrary(statusJob(flags));
  }
}
