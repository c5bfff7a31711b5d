import { Args, Flags } from "@oclif/core";
import { BaseCommand } from "../../base-command.js";
import { renderStoreRemove } from "../../render/store-remove-text.js";

export default class StoreRemove extends BaseCommand {
  static override summary = "Forget a store; nothing is deleted there.";
  static override description =
    "Takes the store out of config/user-preferences.json, in one commit. The bytes stay where they are, the documents keep what they tell of them, and its keys and passphrase stay on this computer, so that `undo` brings all of it back. Until then what is recorded there counts as a copy for nothing. Where it is the only store that holds some originals, it is refused without --yes.";
  static override examples = [
    { description: "Forget a store", command: "<%= config.bin %> store remove old-disk" },
    { description: "See what that would mean", command: "<%= config.bin %> store remove old-disk --dry-run" },
    {
      description: "Although some originals are nowhere else",
      command: "<%= config.bin %> store remove old-disk --yes",
    },
  ];
  static override args = {
    name: Args.string({ description: "the store to forget", required: true, ignoreStdin: true }),
  };
  static override flags = {
    yes: Flags.boolean({ description: "also where some originals are in no other store", default: false }),
    "dry-run": Flags.boolean({ description: "show what it would mean, and write nothing", default: false }),
  };

  async run() {
    const { args, flags } = await this.parse(StoreRemove);
    const options = { name: args.name, yes: flags.yes, dryRun: flags["dry-run"] };
    return this.performInLibrary({
      flags,
      dryRun: options.dryRun,
      operate: (library, run) => library.removeStore(options, run),
      render: renderStoreRemove,
    });
  }
}
