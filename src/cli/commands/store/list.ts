import { Flags } from "@oclif/core";
import { BaseCommand } from "../../base-command.js";
import { renderStoreList } from "../../render/store-list-text.js";
import { surroundings } from "../../surroundings.js";

export default class StoreList extends BaseCommand {
  static override summary = "Show every store, and what it holds.";
  static override description =
    "Name, kind, place, storage class, encryption, how many originals the library records there, and when their bytes were last proven. Stores that only documents still speak of are shown as forgotten: what is recorded there counts for nothing.";
  static override examples = [
    { description: "All stores", command: "<%= config.bin %> store list" },
    { description: "Whether each can be reached now", command: "<%= config.bin %> store list --check" },
    { description: "For a program", command: "<%= config.bin %> store list --json" },
  ];
  static override flags = {
    check: Flags.boolean({ description: "ask each store whether it is there", default: false }),
  };

  async run() {
    const { flags } = await this.parse(StoreList);
    const options = { check: flags.check, surroundings: surroundings(this.config.version) };
    return this.performInLibrary({
      flags,
      dryRun: false,
      operate: (library, run) => library.listStores(options, run),
      render: renderStoreList,
    });
  }
}
