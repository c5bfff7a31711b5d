import { Flags } from "@oclif/core";

const helpGroup = "GLOBAL";

/** Flags that every command takes. */
export const globalFlags = {
  library: Flags.string({
    description:
      "the library to work on; otherwise the nearest folder at or above this one that is a library",
    env: "PHOTOSYNC_LIBRARY",
    helpValue: "DIR",
    helpGroup,
  }),
  json: Flags.boolean({ description: "print one JSON object instead of text", helpGroup, default: false }),
  quiet: Flags.boolean({
    description: "no progress and no remarks, only the result",
    helpGroup,
    default: false,
  }),
  progress: Flags.string({
    description: "json: how far it has come as one JSON event on each line of stderr",
    options: ["auto", "json"],
    default: "auto",
    helpGroup,
  }),
  verbose: Flags.boolean({ description: "full lists, and the details of errors", helpGroup, default: false }),
  "no-color": Flags.boolean({ description: "no colours; NO_COLOR does the same", helpGroup, default: false }),
  "no-input": Flags.boolean({
    description: "never ask anything; fail where an answer is needed",
    helpGroup,
    default: false,
  }),
};

/** The global flags as a command receives them. */
export interface GlobalFlags {
  readonly library?: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly progress: string;
  readonly verbose: boolean;
  readonly "no-color": boolean;
}
