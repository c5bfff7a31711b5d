import { resolve } from "node:path";
import { Args, Flags } from "@oclif/core";
import { PhotosyncError } from "../../domain/errors.js";
import { BaseCommand } from "../base-command.js";
import { given } from "../flag-values.js";
import { personHere } from "../person-here.js";
import { renderRecover } from "../render/recover-text.js";
import { surroundings } from "../surroundings.js";

export default class Recover extends BaseCommand {
  static override summary = "Bring a whole library back from one store.";
  static override description =
    "Reads the newest bundle of the library that the store holds, proves all of it, and makes the library from it in an empty folder: every document, the settings, the whole history. Originals stay in the store, which is one of the library's stores then. A bundle that does not hold together is passed over for the one before. Keys come from the environment (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY), or with --name from where this computer keeps those of the store; on a terminal they are asked for.";
  static override examples = [
    {
      description: "From a bucket",
      command: "<%= config.bin %> recover 's3://my-photos/library?region=eu-central-1' ~/Pictures/library",
    },
    {
      description: "From a disk, with the originals",
      command: "<%= config.bin %> recover /media/backup ~/library --originals",
    },
    {
      description: "See which states of the library there are",
      command: "<%= config.bin %> recover b2:my-photos --list",
    },
    {
      description: "As it was at one of them",
      command: "<%= config.bin %> recover b2:my-photos ~/library --generation 1a2b3c4d5e6f",
    },
  ];
  static override args = {
    store: Args.string({
      description:
        "s3://BUCKET/PREFIX?endpoint=…&region=…, PRESET:BUCKET/PREFIX (aws, b2, wasabi, …), or a folder",
      required: true,
      ignoreStdin: true,
    }),
    dir: Args.string({ description: "an empty or new folder, which becomes the library", ignoreStdin: true }),
  };
  static override flags = {
    list: Flags.boolean({ description: "only show which bundles there are", default: false }),
    generation: Flags.string({
      description: "this bundle instead of the newest: its name, or the id of its commit as --list shows it",
      helpValue: "NAME",
    }),
    originals: Flags.boolean({
      description: "copy the originals into the library's own stores, too",
      default: false,
    }),
    name: Flags.string({
      description: "the store's name in the library, to find its keys on this computer",
      helpValue: "STORE",
    }),
  };

  async run() {
    const { args, flags } = await this.parse(Recover);
    if (args.dir === undefined && !flags.list)
      throw new PhotosyncError({
        kind: "user",
        code: "usage.missing-argument",
        message: "recover needs the folder that becomes the library.",
        next: ["Name an empty or new folder, or use --list to see what the store holds."],
      });
    const options = {
      url: args.store,
      cwd: process.cwd(),
      ...given({
        directory: args.dir === undefined ? undefined : resolve(args.dir),
        generation: flags.generation,
        name: flags.name,
      }),
      list: flags.list,
      originals: flags.originals,
      surroundings: surroundings(this.config.version),
      person: personHere(flags["no-input"]),
    };
    return this.perform({
      flags,
      dryRun: flags.list,
      operate: async (run) => {
        const { recoverLibrary } = await import("../../app.js");
        return recoverLibrary(options, run);
      },
      render: renderRecover,
    });
  }
}
