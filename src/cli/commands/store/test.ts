import { Args } from "@oclif/core";
import { BaseCommand } from "../../base-command.js";
import { renderStoreTest } from "../../render/store-test-text.js";
import { surroundings } from "../../surroundings.js";

export default class StoreTest extends BaseCommand {
  static override summary = "Try whether stores can be used, and what they can prove.";
  static override description =
    "Writes, reads, lists and removes an object of its own, says which permission is missing, and finds out what the server can prove; what it cannot is proven by reading back. What was found out is remembered on this computer. Nothing in the library changes.";
  static override examples = [
    { description: "Every enabled store", command: "<%= config.bin %> store test" },
    { description: "One of them", command: "<%= config.bin %> store test b2" },
  ];
  static override strict = false;
  static override args = {
    name: Args.string({
      description: "a store of config/user-preferences.json; several may be given",
      ignoreStdin: true,
    }),
  };

  async run() {
    const { argv, flags } = await this.parse(StoreTest);
    const names = argv.map(String);
    const around = surroundings(this.config.version);
    return this.performInLibrary({
      flags,
      dryRun: false,
      operate: (library, run) => library.testStores(names, around, run),
      render: renderStoreTest,
    });
  }
}
