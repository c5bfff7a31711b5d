import { Args, Flags } from "@oclif/core";
import { PhotosyncError } from "../../domain/errors.js";
import { BaseCommand } from "../base-command.js";
import { given } from "../flag-values.js";
import { renderAudit } from "../render/audit-text.js";

export default class Audit extends BaseCommand {
  static override summary = "Check who can see each photo on each service.";
  static override description =
    "Lists every photo that a service shows to others than the library says (exit code 10). --history tells from Git how each photo's visibility came to be: when, by which operation, by whom, and on which approval or rule. Changes nothing.";
  static override examples = [
    { description: "Look for discrepancies", command: "<%= config.bin %> audit --visibility-check" },
    { description: "How it came to be, of all photos", command: "<%= config.bin %> audit --history" },
    { description: "The whole story of one", command: "<%= config.bin %> audit --history IMG_1234.jpg" },
    { description: "As JSON", command: "<%= config.bin %> audit --visibility-check --json" },
  ];
  static override args = {
    photo: Args.string({
      description: "with --history: the photo whose story is told, as `show` takes it; all if left out",
      ignoreStdin: true,
    }),
  };
  static override flags = {
    "visibility-check": Flags.boolean({
      description: "compare what services show with what the library says; always on",
      default: true,
    }),
    history: Flags.boolean({
      description: "tell how each photo's visibility came to be",
      default: false,
    }),
  };

  async run() {
    const { args, flags } = await this.parse(Audit);
    if (args.photo !== undefined && !flags.history) throw photoWithoutHistory(args.photo);
    const history = flags.history ? given({ photo: args.photo }) : null;
    return this.performInLibrary({
      flags,
      dryRun: false,
      operate: (library, run) => library.audit({ history }, run),
      render: renderAudit,
    });
  }
}

const photoWithoutHistory = (photo: string): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: "usage.flags-disagree",
    message: `audit looks at all photos; ${photo} can be named with --history only.`,
    next: [`Run photosync audit --history ${photo}, or photosync show ${photo}.`],
  });
