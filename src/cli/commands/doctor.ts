import { BaseCommand } from "../base-command.js";
import { renderDoctor } from "../render/doctor-text.js";

export default class Doctor extends BaseCommand {
  static override summary = "Check what is set up, what is missing and what to do about it.";
  static override examples = [
    { description: "Check everything", command: "<%= config.bin %> doctor" },
    { description: "For a bug report", command: "<%= config.bin %> doctor --json" },
  ];

  async run() {
    const { flags } = await this.parse(Doctor);
    return this.performInLibrary({
      flags,
      dryRun: false,
      operate: (library, run) => library.doctor(run),
      render: renderDoctor,
    });
  }
}
