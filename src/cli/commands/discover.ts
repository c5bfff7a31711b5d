import { resolve } from "node:path";
import { Args, Flags } from "@oclif/core";
import { BaseCommand } from "../base-command.js";
import { given, parseService, parseSince } from "../flag-values.js";
import { renderDiscover } from "../render/discover-text.js";
import { surroundings } from "../surroundings.js";
import { WHEN_FORMS } from "../when.js";

export default class Discover extends BaseCommand {
  static override summary = "Find photos and record what each source knows of them (phase 1).";
  static override description =
    "A PATH is a folder of photos or an export of Google Takeout (folder, zip or tgz) or of Flickr (folder or zip), all parts together, told apart by looking. Without a PATH, the places that are known from before are looked at again. Nothing in a source is ever changed.";
  static override examples = [
    {
      description: "Look at a folder for the first time",
      command: "<%= config.bin %> discover ~/Pictures/phone",
    },
    {
      description: "All parts of a Google Takeout export",
      command: "<%= config.bin %> discover ~/Downloads/takeout-*.zip",
    },
    {
      description: "What is new in the known places",
      command: "<%= config.bin %> discover --since last-week",
    },
    {
      description: "One service, from a day on",
      command: "<%= config.bin %> discover --service google-photos --since 2024-01-01",
    },
    { description: "Read every file again", command: "<%= config.bin %> discover --full-scan" },
  ];
  static override args = {
    path: Args.string({ description: "folders and archives to look at", multiple: true, ignoreStdin: true }),
  };
  static override flags = {
    service: Flags.string({ description: "the account that the photos belong to", helpValue: "NAME" }),
    since: Flags.string({ description: `leave out what is older: ${WHEN_FORMS}`, helpValue: "WHEN" }),
    "full-scan": Flags.boolean({ description: "read every file again, changed or not", default: false }),
    include: Flags.string({
      description: "only files that match; may be given again",
      helpValue: "GLOB",
      multiple: true,
      multipleNonGreedy: true,
    }),
    exclude: Flags.string({
      description: "no files that match; may be given again",
      helpValue: "GLOB",
      multiple: true,
      multipleNonGreedy: true,
    }),
    hidden: Flags.boolean({
      description: "also files and folders whose name begins with a dot",
      default: false,
    }),
    "metadata-only": Flags.boolean({
      description: "of accounts: refresh what is known, and download nothing",
      default: false,
    }),
    limit: Flags.integer({
      description: "of each account: at most so many photos",
      helpValue: "N",
      min: 1,
    }),
    pick: Flags.boolean({
      description: "pick photos in the browser (google-photos)",
      default: false,
    }),
    "dry-run": Flags.boolean({
      description: "show what would be recorded, and write nothing",
      default: false,
    }),
  };

  async run() {
    const { args, flags } = await this.parse(Discover);
    const service = parseService(flags.service);
    const since = parseSince(flags.since, this.now());
    const pick = flags.pick ? await pageFor(flags["no-input"]) : undefined;
    const options = {
      paths: (args.path ?? []).map((path) => resolve(path)),
      ...(service === undefined ? {} : { service }),
      ...(since === undefined ? {} : { since }),
      fullScan: flags["full-scan"],
      include: flags.include ?? [],
      exclude: flags.exclude ?? [],
      hidden: flags.hidden,
      dryRun: flags["dry-run"],
      live: {
        surroundings: surroundings(this.config.version),
        metadataOnly: flags["metadata-only"],
        ...given({ limit: flags.limit, pick }),
      },
    };
    return this.performInLibrary({
      flags,
      dryRun: options.dryRun,
      operate: (library, run) => library.discover(options, run),
      render: renderDiscover,
    });
  }
}

/** Loaded when photos are to be picked: few runs draw a QR code. */
async function pageFor(noInput: boolean): Promise<(address: string) => void> {
  const { pickPage } = await import("../pick-page.js");
  return pickPage(noInput);
}
