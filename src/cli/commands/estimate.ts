import { Flags } from "@oclif/core";
import { BaseCommand } from "../base-command.js";
import { renderEstimate } from "../render/estimate-text.js";

export default class Estimate extends BaseCommand {
  static override summary = "What this library costs to store, to send and to bring back.";
  static override description =
    "For every enabled store, and for the providers that are asked for. It counts what the library records and asks nobody: prices are those of config/prices.json, which you can edit, with the day on which each provider published them. They are list prices without tax.";
  static override examples = [
    { description: "On the stores you have", command: "<%= config.bin %> estimate" },
    { description: "Beside Amazon's classes", command: "<%= config.bin %> estimate --preset aws" },
    { description: "Everywhere it could be", command: "<%= config.bin %> estimate --all-presets" },
  ];
  static override flags = {
    preset: Flags.string({
      description: "a provider to compare with, by the name of its preset; may be given again",
      helpValue: "NAME",
      multiple: true,
      multipleNonGreedy: true,
    }),
    "all-presets": Flags.boolean({
      description: "compare with every provider that the table has prices of",
      default: false,
      exclusive: ["preset"],
    }),
  };

  async run() {
    const { flags } = await this.parse(Estimate);
    const presets = flags["all-presets"] ? ("all" as const) : (flags.preset ?? []);
    return this.performInLibrary({
      flags,
      dryRun: false,
      operate: (library, run) => library.estimate({ presets }, run),
      render: renderEstimate,
    });
  }
}
