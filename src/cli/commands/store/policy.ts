import { Args, Flags } from "@oclif/core";
import { PhotosyncError } from "../../../domain/errors.js";
import { STORE_PRESETS } from "../../../domain/preferences.js";
import { BaseCommand } from "../../base-command.js";
import { given } from "../../flag-values.js";
import { personHere } from "../../person-here.js";
import { reasonLines, renderStorePolicy } from "../../render/store-policy-text.js";

export default class StorePolicy extends BaseCommand {
  static override summary = "Print the least IAM policy that a store needs.";
  static override description =
    "For a store of the library, or with --preset (and --bucket) for one to come. Standard output has the policy alone, ready to be pasted or piped; what each action is needed for is told on standard error. Nothing is asked of any server.";
  static override examples = [
    {
      description: "For a store of this library",
      command: "<%= config.bin %> store policy b2 > policy.json",
    },
    {
      description: "For one to come",
      command: "<%= config.bin %> store policy --preset aws --bucket my-photos --prefix library",
    },
  ];
  static override args = {
    name: Args.string({ description: "a store of config/user-preferences.json", ignoreStdin: true }),
  };
  static override flags = {
    preset: Flags.string({
      description: "the provider of a store to come",
      options: [...STORE_PRESETS],
    }),
    bucket: Flags.string({ description: "its bucket", helpValue: "NAME", dependsOn: ["preset"] }),
    prefix: Flags.string({
      description: "a folder in the bucket",
      helpValue: "PREFIX",
      dependsOn: ["preset"],
    }),
    "storage-class": Flags.string({
      description: "its storage class",
      helpValue: "CLASS",
      dependsOn: ["preset"],
    }),
    "server-side-encryption": Flags.string({
      description: "AES256, aws:kms or aws:kms:KEY",
      helpValue: "WAY",
      dependsOn: ["preset"],
    }),
  };

  async run() {
    const { args, flags } = await this.parse(StorePolicy);
    const tell = (result: Parameters<typeof reasonLines>[0]) => {
      if (!flags.json && !flags.quiet)
        personHere(flags["no-input"]).tell(
          reasonLines(result, process.stderr.columns ?? Number.POSITIVE_INFINITY),
        );
      return result;
    };
    const { name } = args;
    if (name !== undefined) {
      if (flags.preset !== undefined) throw either();
      return this.performInLibrary({
        flags,
        dryRun: false,
        operate: async (library) => tell(await library.storePolicy(name)),
        render: renderStorePolicy,
      });
    }
    if (flags.preset === undefined) throw either();
    const settings = {
      type: "s3" as const,
      bucket: flags.bucket ?? ANY_BUCKET,
      ...given({
        preset: flags.preset,
        prefix: flags.prefix,
        storage_class: flags["storage-class"],
        server_side_encryption: flags["server-side-encryption"],
      }),
    };
    return this.perform({
      flags,
      dryRun: false,
      operate: async () => {
        const { policyResult } = await import("../../../operations/stores/library-policy.js");
        return tell(policyResult("", null, settings));
      },
      render: renderStorePolicy,
    });
  }
}

/** To be written over by whoever has no bucket yet. */
const ANY_BUCKET = "YOUR-BUCKET";

const either = (): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: "usage.store-policy",
    message: "A policy is for a store of the library, by its NAME, or for one to come, by --preset.",
    next: ["photosync store policy NAME", "photosync store policy --preset aws --bucket my-photos"],
  });
