import { resolve } from "node:path";
import { Args, Flags } from "@oclif/core";
import { PhotosyncError } from "../../domain/errors.js";
import { BaseCommand } from "../base-command.js";
import { given, parseDayFlag } from "../flag-values.js";
import { photoFilterFlags, photoFilterOf } from "../photo-filter-flags.js";
import { renderRestore } from "../render/restore-text.js";

export default class Restore extends BaseCommand {
  static override summary = "Bring originals back out of the stores, as files with their names and dates.";
  static override description =
    "Writes into a folder of your own and changes nothing in the library. A file appears under its name only when all of its bytes were hashed and are right; where one store's copy is wrong, the next store is asked. Files that are there already, byte for byte, are skipped, so a run that was cut is simply repeated; a file with other bytes is left alone unless --overwrite is given. Beside each original, NAME.xmp holds its title, caption, tags, people, place and albums for darktable, digiKam, exiftool and `photosync discover`.";
  static override examples = [
    { description: "Everything, by day", command: "<%= config.bin %> restore --all --to ~/Restored" },
    {
      description: "What one album would take, from the bucket",
      command:
        '<%= config.bin %> restore --album "Venice 2024" --by album --from cloud --to ./venice --dry-run',
    },
    { description: "One photo", command: "<%= config.bin %> restore 3f2a9c1e --to ." },
    {
      description: "The videos of a summer, without sidecars",
      command:
        "<%= config.bin %> restore --kind video --since 2024-06 --until 2024-08 --no-sidecars --to /media/usb/films",
    },
    {
      description:
        "Ask a year back from the deep archive; the same without --thaw writes it, a day or two later",
      command: "<%= config.bin %> restore --on 2019 --to ./2019 --thaw",
    },
  ];
  static override args = {
    photo: Args.string({
      description: "the photos' ids, or enough of their beginnings",
      multiple: true,
      ignoreStdin: true,
    }),
  };
  static override flags = {
    to: Flags.string({ description: "the folder to write into", helpValue: "DIR", required: true }),
    all: Flags.boolean({ description: "every photo of the library", default: false }),
    from: Flags.string({ description: "only from this store", helpValue: "STORE" }),
    by: Flags.option({
      description: "folders by day (2024/2024-01-31) or by album; a photo in several albums is in each",
      options: ["date", "album"] as const,
      default: "date" as const,
    })(),
    ...photoFilterFlags,
    since: Flags.string({
      description: "taken on this day or later: 2024, 2024-01, 2024-01-15",
      helpValue: "DAY",
    }),
    until: Flags.string({
      description: "taken on this day or earlier: 2024, 2024-01, 2024-01-15",
      helpValue: "DAY",
    }),
    on: Flags.string({
      description: "taken in this year, month or day: 2024, 2024-01, 2024-01-15",
      helpValue: "DAY",
      exclusive: ["since", "until"],
    }),
    undated: Flags.boolean({
      description: "without a date",
      exclusive: ["since", "until", "on"],
      default: false,
    }),
    variants: Flags.boolean({
      description: "also RAW, motion, edited and other versions of each photo",
      default: true,
      allowNo: true,
    }),
    sidecars: Flags.boolean({
      description: "also an XMP sidecar beside each original",
      default: true,
      allowNo: true,
    }),
    overwrite: Flags.boolean({
      description: "replace files that hold other bytes; what they held is gone then",
      default: false,
    }),
    thaw: Flags.boolean({
      description:
        "ask what lies in an archive (GLACIER, DEEP_ARCHIVE) back, write nothing, and say when to come back",
      default: false,
    }),
    days: Flags.integer({
      description: "with --thaw: how long it can then be read; 7 days unless given",
      min: 1,
      max: 365,
    }),
    tier: Flags.option({
      description: "with --thaw: the quicker, the dearer; bulk, the cheapest, unless given",
      options: ["expedited", "standard", "bulk"] as const,
    })(),
    "dry-run": Flags.boolean({
      description: "show what would be written, and write nothing",
      default: false,
    }),
  };

  async run() {
    const { args, flags } = await this.parse(Restore);
    const photos = args.photo ?? [];
    const filter = {
      ...photoFilterOf(flags),
      ...given({
        from: parseDayFlag("on", "first", flags.on) ?? parseDayFlag("since", "first", flags.since),
        to: parseDayFlag("on", "last", flags.on) ?? parseDayFlag("until", "last", flags.until),
      }),
      undated: flags.undated,
    };
    const isNarrowed = photos.length > 0 || Object.values(filter).some((value) => value !== false);
    if (isNarrowed === flags.all) throw flags.all ? allAndSome() : nothingSelected();
    if (!flags.thaw && (flags.days !== undefined || flags.tier !== undefined)) throw nothingToThaw();
    return this.performInLibrary({
      flags,
      dryRun: flags["dry-run"],
      operate: (library, run) =>
        library.restore(
          {
            photos,
            filter,
            to: resolve(flags.to),
            ...given({ from: flags.from }),
            by: flags.by,
            variants: flags.variants,
            sidecars: flags.sidecars,
            overwrite: flags.overwrite,
            ...(flags.thaw ? { thaw: { days: flags.days ?? 7, tier: flags.tier ?? "bulk" } } : {}),
            dryRun: flags["dry-run"],
          },
          run,
        ),
      render: renderRestore,
    });
  }
}

const nothingSelected = (): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: "usage.nothing-selected",
    message: "Nothing says which photos to restore.",
    next: [
      "Name photos, narrow them down (--album, --on 2024, --person ...), or give --all for every photo.",
    ],
  });

const allAndSome = (): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: "usage.all-and-some",
    message: "--all stands for every photo, and other arguments narrow them down.",
    next: ["Leave out --all, or all that narrows it down."],
  });

const nothingToThaw = (): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: "usage.flags-disagree",
    message: "--days and --tier say how to ask an archive, which --thaw alone does.",
    next: ["Give --thaw as well, or leave them out."],
  });
