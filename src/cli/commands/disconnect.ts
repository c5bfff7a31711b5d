import { Args } from "@oclif/core";
import { BaseCommand } from "../base-command.js";
import { renderDisconnect } from "../render/disconnect-text.js";
import { surroundings } from "../surroundings.js";

export default class Disconnect extends BaseCommand {
  static override summary = "End the sign-in to a service, and forget it.";
  static override description =
    "Tells the service to end the sign-in, where it takes that from programs, and removes what is kept of it on this computer. Nothing in the library changes: what is known of the photos there stays.";
  static override examples = [
    { description: "Sign out of Google Photos", command: "<%= config.bin %> disconnect google-photos" },
    { description: "The same, for a program", command: "<%= config.bin %> disconnect flickr --json" },
  ];
  static override args = {
    service: Args.string({
      description: "google-photos, google-drive, flickr, or an account in config/services.json",
      required: true,
      ignoreStdin: true,
    }),
  };

  async run() {
    const { args, flags } = await this.parse(Disconnect);
    const options = { service: args.service, surroundings: surroundings(this.config.version) };
    return this.performInLibrary({
      flags,
      dryRun: false,
      operate: (library, run) => library.disconnect(options, run),
      render: renderDisconnect,
    });
  }
}
