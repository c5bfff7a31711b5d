import { Args, Flags } from "@oclif/core";
import { PhotosyncError } from "../../domain/errors.js";
import { BaseCommand } from "../base-command.js";
import { confirmForgetting } from "../confirm.js";
import { personHere } from "../person-here.js";
import { renderForget } from "../render/forget-text.js";

export default class Forget extends BaseCommand {
  static override summary = "Delete a photo's bytes from every store, for good.";
  static override description =
    "The one command that deletes originals. It shows every file that goes and everything that stays, and has you type the photo id. The document gives way to a tombstone, so that discover never takes the same bytes in again; stores that are out of reach are cleared by the next `replicate --execute` that reaches them. It cannot be undone. Photos at services and in your own folders, and what Git's history says of the photo, stay.";
  static override examples = [
    {
      description: "See what would go and what would stay",
      command: "<%= config.bin %> forget IMG_1234.jpg --everywhere --dry-run",
    },
    {
      description: "Delete it, after typing its id",
      command: "<%= config.bin %> forget IMG_1234.jpg --everywhere",
    },
    {
      description: "In a script",
      command:
        "<%= config.bin %> forget 3f2a9c1e-1111-5222-8333-444455556666 --everywhere --confirm 3f2a9c1e-1111-5222-8333-444455556666",
    },
  ];
  static override args = {
    photo: Args.string({
      description: "photo id or the beginning of one, content hash, path of the document, or file name",
      required: true,
      ignoreStdin: true,
    }),
  };
  static override flags = {
    everywhere: Flags.boolean({
      description: "from every store and from this computer; nothing is ever deleted from one store alone",
      default: false,
    }),
    confirm: Flags.string({
      description: "the whole photo id, where nobody can be asked to type it",
      helpValue: "PHOTO_ID",
    }),
    "dry-run": Flags.boolean({
      description: "show what would go and what would stay, and delete nothing",
      default: false,
    }),
  };

  async run() {
    const { args, flags } = await this.parse(Forget);
    const dryRun = flags["dry-run"];
    if (!flags.everywhere) throw needsEverywhere(args.photo);
    const options = {
      photo: args.photo,
      dryRun,
      confirmed: flags.confirm ?? null,
      confirm: confirmForgetting(personHere(flags["no-input"])),
    };
    return this.performInLibrary({
      flags,
      dryRun,
      operate: (library, run) => library.forget(options, run),
      render: renderForget,
    });
  }
}

const needsEverywhere = (photo: string): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: "forget.needs-everywhere",
    message: "Nothing was deleted: a photo is forgotten everywhere or not at all, and that has to be said.",
    next: [`See what would go: photosync forget ${photo} --everywhere --dry-run`],
  });
