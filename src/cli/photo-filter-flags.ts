import { Flags } from "@oclif/core";
import { given } from "./flag-values.js";

/** The flags that say which photos are meant, but for days; they mean the same for every command. */
export const photoFilterFlags = {
  state: Flags.option({
    description: "how far they are",
    options: ["discovered", "resolved", "replicated"] as const,
  })(),
  service: Flags.string({ description: "on this service", helpValue: "NAME" }),
  album: Flags.string({ description: "in this album", helpValue: "NAME" }),
  person: Flags.string({ description: "with this person", helpValue: "NAME" }),
  tag: Flags.string({ description: "with this tag", helpValue: "TAG" }),
  camera: Flags.string({ description: "taken with this camera", helpValue: "NAME" }),
  kind: Flags.option({ description: "pictures or videos", options: ["image", "video"] as const })(),
  conflicts: Flags.boolean({ description: "with conflicts that a person must decide", default: false }),
};

interface FilterFlags {
  readonly state?: "discovered" | "resolved" | "replicated" | undefined;
  readonly service?: string | undefined;
  readonly album?: string | undefined;
  readonly person?: string | undefined;
  readonly tag?: string | undefined;
  readonly camera?: string | undefined;
  readonly kind?: "image" | "video" | undefined;
  readonly conflicts: boolean;
}

/** The filter of `photoFilterFlags` as an operation takes it. */
export const photoFilterOf = (flags: FilterFlags) => ({
  ...given({ state: flags.state, service: flags.service, album: flags.album, person: flags.person }),
  ...given({ tag: flags.tag, camera: flags.camera, kind: flags.kind }),
  conflicts: flags.conflicts,
});
