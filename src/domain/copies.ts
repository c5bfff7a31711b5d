import type { Instance, InstanceCopy } from "./photo.js";
import { own } from "./same-json.js";

/** What services have copies of: a photo's original, or one of its variants. */
export interface WithInstances {
  readonly instances: Readonly<Record<string, Instance>>;
}

/** A photo as far as its copies and those of its variants go. */
export interface WithVariants extends WithInstances {
  readonly variants?: readonly WithInstances[];
}

/** Every copy that an instance stands for: the first, then the further ones; none for no instance. */
export const copiesOf = (instance: Instance | undefined): readonly InstanceCopy[] =>
  instance === undefined ? [] : [instance, ...(instance.copies ?? [])];

/** Every copy of the same bytes, at all services. */
export const copiesIn = (instances: WithInstances["instances"]): readonly InstanceCopy[] =>
  Object.values(instances).flatMap(copiesOf);

/** Every copy that a service has or had of the photo or one of its variants. */
export const copiesOn = (photo: WithVariants, service: string): readonly InstanceCopy[] =>
  [photo, ...(photo.variants ?? [])].flatMap(({ instances }) => copiesOf(own(instances, service)));

/** True where a copy is known to be no original. */
export const isRendition = ({ quality }: Pick<InstanceCopy, "quality">): boolean =>
  quality === "high" || quality === "medium";
