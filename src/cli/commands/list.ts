import { Flags } from "@oclif/core";
import { BaseCommand } from "../base-command.js";
import { given, parseDayFlag } from "../flag-values.js";
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
    state: Flags.option({
      description: "how far they are",
      options: ["discovered", "resolved", "replicated"] as const,
    })(),
    service: Flags.string({ description: "on this service", helpValue: "NAME" }),
    album: Flags.string({ description: "in this album", helpValue: "NAME" }),
    person: Flags.string({ description: "with this person", helpValue: "NAME" }),
    tag: Flags.string({ description: "with this tag", helpValue: "TAG" }),
    camera: Flags.string({ description: "taken with this camera", helpValue: "NAME" }),
    kind: Flags.option({ description: "pictures or videos", options: ["image", "video"] as const })(),
    from: Flags.string({
      description: "taken on this day or later: 2024, 2024-01, 2024-01-15",
      helpValue: "DAY",
    }),
    to: Flags.string({
      description: "taken on this day or earlier: 2024, 2024-01, 2024-01-15",
      helpValue: "DAY",
    }),
    undated: Flags.boolean({ description: "without a date", exclusive: ["from", "to"], default: false }),
    conflicts: Flags.boolean({ description: "with conflicts that a person must decide", default: false }),
    "not-in": Flags.string({ description: "without a replica in this store", helpValue: "STORE" }),
    limit: Flags.integer({ description: "at most so many", helpValue: "N", min: 1 }),
  };

  async run() {
    const { flags } = await this.parse(List);
    const options = {
      ...given({ state: flags.state, service: flags.service, album: flags.album, person: flags.person }),
      ...given({ tag: flags.tag, camera: flags.camera, kind: flags.kind, notIn: flags["not-in"] }),
      ...given({
        from: parseDayFlag("from", flags.from),
        to: parseDayFlag("to", flags.to),
        limit: flags.limit,
      }),
      undated: flags.undated,
      conflicts: flags.conflicts,
    };
    return this.performInLibrary({
      flags,
      dryRun: false,
      operate: (library, run) => library.list(options, run),
      render: renderList,
    });
  }
}
