import { Flags } from "@oclif/core";
import { BaseCommand } from "../base-command.js";
import { given } from "../flag-values.js";
import { renderDoctor } from "../render/doctor-text.js";
import { surroundings } from "../surroundings.js";

export default class Doctor extends BaseCommand {
  static override summary = "Check what is set up, what is missing and what to do about it.";
  static override description =
    "With --live it also asks the accounts themselves: the sign-in and its permissions, a page of photos, the bytes of one photo and one video, and which of the things that photosync assumes of the service that confirms. It only reads there.";
  static override examples = [
    { description: "Check everything", command: "<%= config.bin %> doctor" },
    { description: "Try a real account", command: "<%= config.bin %> doctor --service flickr --live" },
    { description: "For a bug report", command: "<%= config.bin %> doctor --json" },
  ];

  static override flags = {
    service: Flags.string({ description: "check only this account" }),
    live: Flags.boolean({ description: "ask the accounts themselves; only reads", default: false }),
  };

  async run() {
    const { flags } = await this.parse(Doctor);
    const options = {
      ...given({ service: flags.service }),
      live: flags.live,
      surroundings: surroundings(this.config.version),
    };
    return this.performInLibrary({
      flags,
      dryRun: false,
      operate: (library, run) => library.doctor(options, run),
      render: renderDoctor,
    });
  }
}
