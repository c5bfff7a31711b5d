import { Flags } from "@oclif/core";
import { BaseCommand } from "../base-command.js";
import { given, parseDayFlag } from "../flag-values.js";
import { photoFilterFlags, photoFilterOf } from "../photo-filter-flags.js";
import { renderList } from "../render/list-text.js";

export default class List extends BaseCommand {
  static override summary = "List photos, all or those that match every filter.";
  static override examples = [
    {
      description: "Videos of a summer",
      command: "<%= config.bin %> list --kind video --from 2024-06 --to 2024-08",
    },
    { description: "What waits for a decision", command: "<%= config.bin %> list --conflicts" },
    {
      description: "What a store still lacks",
      command: "<%= config.bin %> list --not-in backup-disk --json",
    },
  ];
  static override flags = {
    ...photoFilterFlags,
    from: Flags.string({
      description: "taken on this day or later: 2024, 2024-01, 2024-01-15",
      helpValue: "DAY",
    }),
    to: Flags.string({
      description: "taken on this day or earlier: 2024, 2024-01, 2024-01-15",
      helpValue: "DAY",
    }),
    undated: Flags.boolean({ description: "without a date", exclusive: ["from", "to"], default: false }),
    "not-in": Flags.string({ description: "without a replica in this store", helpValue: "STORE" }),
    limit: Flags.integer({ description: "at most so many", helpValue: "N", min: 1 }),
  };

  async run() {
    const { flags } = await this.parse(List);
    const options = {
      ...photoFilterOf(flags),
      ...given({
        from: parseDayFlag("from", "first", flags.from),
        to: parseDayFlag("to", "last", flags.to),
        notIn: flags["not-in"],
        limit: flags.limit,
      }),
      undated: flags.undated,
    };
    return this.performInLibrary({
      flags,
      dryRun: false,
      operate: (library, run) => library.list(options, run),
      render: renderList,
    });
  }
}
