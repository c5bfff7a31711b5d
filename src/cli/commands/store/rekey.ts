import { Args, Flags } from "@oclif/core";
import { BaseCommand } from "../../base-command.js";
import { renderStoreRekey } from "../../render/store-rekey-text.js";
import { surroundings } from "../../surroundings.js";

export default class StoreRekey extends BaseCommand {
  static override summary = "Give an encrypted store another passphrase or other recipients.";
  static override description =
    'Locks the store\'s key file anew: to the passphrase in PHOTOSYNC_PASSPHRASE or PHOTOSYNC_STORE_<NAME>_PASSPHRASE (else the one kept on this computer), or to the recipients that "encryption" in config/user-preferences.json names. The way in from before is taken from PHOTOSYNC_OLD_PASSPHRASE or PHOTOSYNC_STORE_<NAME>_OLD_PASSPHRASE (…_OLD_IDENTITY for recipients), or is the one kept on this computer. One small file is written, the old one is kept beside it under a dated name, and no photo is sent again.';
  static override examples = [
    {
      description: "A new passphrase, both in the environment",
      command: "PHOTOSYNC_OLD_PASSPHRASE=... PHOTOSYNC_PASSPHRASE=... <%= config.bin %> store rekey cloud",
    },
    {
      description: "After a recipient was added to or taken out of the settings",
      command: "<%= config.bin %> store rekey cloud",
    },
    {
      description: "See whether it would work, and change nothing",
      command: "<%= config.bin %> store rekey cloud --dry-run",
    },
  ];
  static override args = {
    name: Args.string({ description: "the store", required: true, ignoreStdin: true }),
  };
  static override flags = {
    "dry-run": Flags.boolean({ description: "open the key file, and write nothing", default: false }),
  };

  async run() {
    const { args, flags } = await this.parse(StoreRekey);
    const dryRun = flags["dry-run"];
    const options = { name: args.name, dryRun, surroundings: surroundings(this.config.version) };
    return this.performInLibrary({
      flags,
      dryRun,
      operate: (library, run) => library.rekeyStore(options, run),
      render: renderStoreRekey,
    });
  }
}
