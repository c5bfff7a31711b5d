import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Args, Flags } from "@oclif/core";
import { BaseCommand } from "../base-command.js";
import { requireEmulators } from "../demo-emulators.js";
import { runServicesDemo } from "../demo-services.js";
import { runDemo } from "../demo-steps.js";
import { renderDemo } from "../render/demo-text.js";

/** One of the samples, by which the demo shows how a photo comes to be public. */
const SAMPLE_PHOTO = "DSC_1077.jpg";

export default class Demo extends BaseCommand {
  static override summary = "Run the whole job on samples or on your own photos, in a library of its own.";
  static override description =
    "Makes a new library and runs discover, resolve, replicate, verify and status on the sample pictures and the sample Takeout export that come with photosync, or on the folders and archives given. What is read is never changed. The library is made in a new temporary folder unless --library names one.";
  static override examples = [
    { description: "See it work on the samples", command: "<%= config.bin %> demo" },
    {
      description: "On your own photos, in a library to keep",
      command: "<%= config.bin %> demo ~/Pictures ~/Downloads/takeout-*.zip --library ~/photo-library",
    },
    {
      description: "A whole sync with emulated services, in a clone of photosync",
      command: "<%= config.bin %> demo --services",
    },
  ];
  static override args = {
    path: Args.string({ description: "folders and archives to read", multiple: true, ignoreStdin: true }),
  };

  static override flags = {
    services: Flags.boolean({
      description: "sync with an emulated Google and Flickr as well; needs a clone of photosync's repository",
      default: false,
    }),
  };

  async run() {
    const { args, flags } = await this.parse(Demo);
    const samples = join(this.config.root, "samples");
    const paths = args.path?.map((path) => resolve(path)) ?? [samples];
    const library = flags.library === undefined ? null : resolve(flags.library);
    const everywhere = [
      ...(flags["no-color"] ? ["--no-color"] : []),
      ...(flags.quiet ? ["--quiet"] : []),
      ...(flags.verbose ? ["--verbose"] : []),
    ];
    return this.perform({
      flags,
      dryRun: false,
      operate: async () => {
        const { root } = this.config;
        if (flags.services) requireEmulators(root);
        const temporary = () => mkdtemp(join(tmpdir(), "photosync-demo-"));
        const settings = {
          program: join(root, "bin", "run.js"),
          paths,
          everywhere,
          stdout: flags.json ? null : process.stdout,
        };
        if (!flags.services)
          return runDemo({ ...settings, library: library ?? join(await temporary(), "library") });
        const folder = await temporary();
        const photo = args.path === undefined ? SAMPLE_PHOTO : null;
        return runServicesDemo({
          ...settings,
          library: library ?? join(folder, "library"),
          root,
          folder,
          photo,
        });
      },
      render: renderDemo,
    });
  }
}
