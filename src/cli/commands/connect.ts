import { Args, Flags } from "@oclif/core";
import { BaseCommand } from "../base-command.js";
import { given } from "../flag-values.js";
import { personHere } from "../person-here.js";
import { renderConnect } from "../render/connect-text.js";
import { surroundings } from "../surroundings.js";

export default class Connect extends BaseCommand {
  static override summary = "Sign in to a service.";
  static override description =
    "Opens the service's page in your browser, where you allow photosync what it lists, then keeps the sign-in in this computer's keychain (or in a file that only you can read), tests it, and says what this service can and cannot do. You need a key of your own for each service: the README's \"Getting API keys\" leads through it. Keys are read from the environment or asked for, and are never arguments.";
  static override examples = [
    { description: "Sign in to Flickr", command: "<%= config.bin %> connect flickr" },
    {
      description: "On a machine without a browser: open the address elsewhere, and paste what comes",
      command: "<%= config.bin %> connect google-photos --paste",
    },
    {
      description: "A second Flickr account, under a name of its own",
      command: "<%= config.bin %> connect family --provider flickr",
    },
  ];
  static override args = {
    service: Args.string({
      description: "google-photos, google-drive, flickr, or an account in config/services.json",
      required: true,
      ignoreStdin: true,
    }),
  };
  static override flags = {
    "no-browser": Flags.boolean({
      description: "do not open a browser; only show the address",
      default: false,
    }),
    paste: Flags.boolean({
      description: "for a browser on another computer: paste the address or code that it ends with",
      default: false,
    }),
    provider: Flags.string({
      description: "what a new account with a name of its own is of",
      options: ["google-photos", "google-drive", "flickr"],
    }),
  };

  async run() {
    const { args, flags } = await this.parse(Connect);
    const options = {
      service: args.service,
      ...given({ provider: flags.provider }),
      way: flags.paste ? "paste" : flags["no-browser"] ? "no-browser" : "browser",
      person: personHere(flags["no-input"]),
      surroundings: surroundings(this.config.version),
    } as const;
    return this.performInLibrary({
      flags,
      dryRun: false,
      operate: (library, run) => library.connect(options, run),
      render: renderConnect,
    });
  }
}
