import { Flags } from "@oclif/core";
import { BaseCommand } from "../base-command.js";
import { renderAudit } from "../render/audit-text.js";

export default class Audit extends BaseCommand {
  static override summary = "Check who can see each photo on each service.";
  static override description =
    "Lists every photo that a service shows to others than the library says (exit code 10). Changes nothing.";
  static override examples = [
    { description: "Look for discrepancies", command: "<%= config.bin %> audit --visibility-check" },
    { description: "As JSON", command: "<%= config.bin %> audit --visibility-check --json" },
  ];
  static override flags = {
    "visibility-check": Flags.boolean({
      description: "compare what services show with what the library says; always on",
      default: true,
    }),
  };

  async run() {
    const { flags } = await this.parse(Audit);
    return this.performInLibrary({
      flags,
      dryRun: false,
      operate: (library, run) => library.audit(run),
      render: renderAudit,
    });
  }
}
