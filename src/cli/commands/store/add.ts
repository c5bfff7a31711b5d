import { resolve } from "node:path";
import { Args, Flags } from "@oclif/core";
import { STORE_PRESETS } from "../../../domain/preferences.js";
import { BaseCommand } from "../../base-command.js";
import { given } from "../../flag-values.js";
import { personHere } from "../../person-here.js";
import { renderStoreAdd } from "../../render/store-add-text.js";
import { surroundings } from "../../surroundings.js";

export default class StoreAdd extends BaseCommand {
  static override summary = "Add a place that keeps every original.";
  static override description =
    "In a terminal it asks for everything that the flags leave open: the provider, its region, what opens it, the bucket (one of yours, or a new one that is closed to the public), and whether everything is encrypted on this computer first. Then it tries the store with an object of its own, says what its server can prove, and only then names it in config/user-preferences.json. Secrets are never flags: they come from the environment, from this computer's keychain, from a hidden question, or with --stdin from standard input.";
  static override examples = [
    { description: "Be asked for everything", command: "<%= config.bin %> store add" },
    {
      description: "Another disk",
      command: "<%= config.bin %> store add backup --path /Volumes/Backup/photosync",
    },
    {
      description: "A new bucket at Backblaze, encrypted on this computer",
      command:
        "<%= config.bin %> store add b2 --preset b2 --region eu-central-003 --bucket my-photos --create --encryption passphrase",
    },
    {
      description: "Amazon's deep archive, opened by a profile of the AWS command line",
      command:
        "<%= config.bin %> store add deep --preset aws --region eu-central-1 --bucket my-photos --storage-class DEEP_ARCHIVE --profile photos",
    },
    {
      description: "In a script: the two keys on standard input, one a line",
      command:
        "<%= config.bin %> store add nas --endpoint https://nas.example:9000 --bucket photos --stdin < keys",
    },
  ];
  static override args = {
    name: Args.string({ description: "what the store is called from now on", ignoreStdin: true }),
  };
  static override flags = {
    type: Flags.string({ description: "a folder (local) or a bucket (s3)", options: ["local", "s3"] }),
    path: Flags.string({
      description: "the folder",
      helpValue: "DIR",
      exclusive: ["preset", "endpoint", "bucket"],
    }),
    preset: Flags.string({ description: "the provider", options: [...STORE_PRESETS] }),
    endpoint: Flags.string({ description: "the address of a server of one's own", helpValue: "URL" }),
    region: Flags.string({ description: "the region, as the provider writes it" }),
    bucket: Flags.string({ description: "the bucket", helpValue: "NAME" }),
    create: Flags.boolean({
      description: "make the bucket, closed to the public",
      default: false,
    }),
    versioning: Flags.boolean({
      description: "with --create: keep older versions of what is replaced or removed",
      default: false,
    }),
    prefix: Flags.string({ description: "a folder in the bucket", helpValue: "PREFIX" }),
    "storage-class": Flags.string({
      description: "how the server keeps originals: STANDARD_IA, GLACIER_IR, DEEP_ARCHIVE and the like",
      helpValue: "CLASS",
    }),
    "server-side-encryption": Flags.string({
      description: "AES256, aws:kms or aws:kms:KEY",
      helpValue: "WAY",
    }),
    encryption: Flags.string({
      description: "encrypt on this computer, with a passphrase or to age recipients",
      options: ["none", "passphrase", "recipients"],
    }),
    recipient: Flags.string({
      description: "an age recipient; may be given again",
      helpValue: "AGE1…",
      multiple: true,
      multipleNonGreedy: true,
    }),
    "max-upload-rate": Flags.string({ description: "send no faster, such as 5MB/s", helpValue: "RATE" }),
    concurrency: Flags.integer({ description: "transfers at once", min: 1, max: 64 }),
    profile: Flags.string({
      description: "open it by a profile of the AWS command line",
      helpValue: "NAME",
      exclusive: ["machine-role"],
    }),
    "machine-role": Flags.boolean({
      description: "open it by the role of the computer or container that photosync runs on",
      default: false,
    }),
    stdin: Flags.boolean({
      description: "read secrets that are not known from standard input, one a line",
      default: false,
    }),
    test: Flags.boolean({ description: "try the store before it is added", allowNo: true, default: true }),
    "dry-run": Flags.boolean({ description: "show what would be added, and write nothing", default: false }),
  };

  async run() {
    const { args, flags } = await this.parse(StoreAdd);
    const options = {
      ...given({ name: args.name }),
      given: {
        ...given({
          type: TYPES.find((type) => type === flags.type),
          path: flags.path === undefined ? undefined : resolve(flags.path),
          preset: flags.preset,
          endpoint: flags.endpoint,
          region: flags.region,
          bucket: flags.bucket,
          prefix: flags.prefix,
          storageClass: flags["storage-class"],
          serverSideEncryption: flags["server-side-encryption"],
          encryption: WAYS.find((way) => way === flags.encryption),
          maxUploadRate: flags["max-upload-rate"],
          concurrency: flags.concurrency,
          profile: flags.profile,
        }),
        create: flags.create,
        versioning: flags.versioning,
        recipients: flags.recipient ?? [],
        machineRole: flags["machine-role"],
      },
      secretsFromInput: flags.stdin,
      test: flags.test,
      dryRun: flags["dry-run"],
      person: personHere(flags["no-input"]),
      surroundings: surroundings(this.config.version),
    };
    return this.performInLibrary({
      flags,
      dryRun: options.dryRun,
      operate: (library, run) => library.addStore(options, run),
      render: renderStoreAdd,
    });
  }
}

const TYPES = ["local", "s3"] as const;
const WAYS = ["none", "passphrase", "recipients"] as const;
