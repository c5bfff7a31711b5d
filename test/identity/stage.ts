import { stat } from "node:fs/promises";
import path from "node:path";
import type { Appearance } from "../../src/domain/identity/appearance.js";
import { below, pick, type Random } from "../power-loss/random.js";
import type { Labelled } from "./labelled.js";
import { type Exposure, photograph, SENSOR } from "./scene.js";
import { type Change, isRendition, writeVariant } from "./variants.js";

/** A press of the shutter. */
export interface Shot {
  readonly capture: string;
  readonly path: string;
  readonly appearance: Appearance;
}

/** When, with what and under which name a shot was taken. */
export interface Circumstances {
  /** Seconds since 1970 by the camera's clock. */
  readonly clock: number;
  /** Hundredths of the second, or null where the camera writes none. */
  readonly fraction: number | null;
  readonly camera: { readonly make: string; readonly model: string } | null;
  readonly number: number;
  /** Before the number: `IMG_`, `DSC0`. */
  readonly prefix: string;
  /** East of UTC, in minutes. */
  readonly zone: number;
  /** The source that the file came from. */
  readonly source?: string;
}

const clockText = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 19);

/** Renditions and edits of a scene, written into a folder with the metadata that three sources would give. */
export class Stage {
  readonly #dir: string;
  readonly #random: Random;
  readonly pictures: Labelled[] = [];
  #count = 0;

  constructor(dir: string, random: Random) {
    this.#dir = dir;
    this.#random = random;
  }

  #next(): string {
    this.#count += 1;
    return `picture-${String(this.#count).padStart(5, "0")}`;
  }

  /** The original of a shot in the owner's folder, with all that its camera writes. */
  async shoot(
    scenario: string,
    seed: number,
    portrait: boolean,
    exposure: Exposure,
    where: Circumstances,
  ): Promise<Shot> {
    const id = this.#next();
    const file = path.join(this.#dir, `${id}.jpg`);
    const picture = await photograph(seed, portrait, exposure);
    await picture.jpeg({ quality: 93 }).toFile(file);
    const [width, height] = portrait ? [SENSOR.short, SENSOR.long] : [SENSOR.long, SENSOR.short];
    return this.keep(scenario, id, file, { width, height }, where);
  }

  /** A frame that the owner's folder does not hold. */
  async unkept(seed: number, exposure: Exposure): Promise<Shot> {
    const id = this.#next();
    const file = path.join(this.#dir, `${id}.jpg`);
    await (await photograph(seed, false, exposure)).jpeg({ quality: 93 }).toFile(file);
    return { capture: id, path: file, appearance: { id, kind: "image", marks: [], sources: [] } };
  }

  /** A picture that is written already, in the folder under a name in words, with no more than a date of its file. */
  async keepAs(
    scenario: string,
    capture: string,
    file: string,
    size: { readonly width: number; readonly height: number },
    filename: string,
    day: string | undefined,
  ): Promise<Shot> {
    const appearance: Appearance = {
      id: capture,
      kind: "image",
      marks: [],
      sources: ["folder"],
      filename,
      ...(day !== undefined && { takenDate: day }),
      ...size,
      bytes: (await stat(file)).size,
    };
    this.pictures.push({ appearance, path: file, capture, edit: null, scenario });
    return { capture, path: file, appearance };
  }

  /** The same for a picture that is written already. */
  async keep(
    scenario: string,
    capture: string,
    file: string,
    size: { readonly width: number; readonly height: number },
    where: Circumstances,
  ): Promise<Shot> {
    const { clock, fraction, camera, number, prefix, source = "folder" } = where;
    const hundredths = fraction === null ? "" : `.${String(fraction).padStart(2, "0")}`;
    const appearance: Appearance = {
      id: capture,
      kind: "image",
      marks: [],
      sources: [source],
      filename: `${prefix}${String(number).padStart(4, "0")}.JPG`,
      takenDate: `${clockText(clock)}${hundredths}`,
      ...(camera !== null && { camera }),
      ...size,
      bytes: (await stat(file)).size,
      isOriginal: true,
    };
    this.pictures.push({ appearance, path: file, capture, edit: null, scenario });
    return { capture, path: file, appearance };
  }

  /**
   * What Google's export has of a shot: its name, and the second as an instant in UTC. Storage saver re-encodes, and keeps
   * most of EXIF, the fraction of the second included.
   */
  async google(scenario: string, shot: Shot, where: Circumstances, change: Change): Promise<void> {
    const fraction = shot.appearance.takenDate?.slice(19) ?? "";
    const hasExif = this.#random() < 0.5;
    await this.#variant(scenario, shot, change, {
      sources: ["google-photos"],
      marks: [`google-photos:${shot.capture}`],
      takenDate: hasExif
        ? `${clockText(where.clock)}${fraction}`
        : `${clockText(where.clock - where.zone * 60)}Z`,
      ...(hasExif && where.camera !== null && { camera: where.camera }),
      filename: shot.appearance.filename ?? "",
    });
  }

  /**
   * What Flickr gives a free account of it: at most 1024 or 2048 pixels without EXIF, the second by the camera's clock, the title
   * (the name without extension unless the owner wrote one), or a name of Flickr's own.
   */
  async flickr(scenario: string, shot: Shot, where: Circumstances, change: Change): Promise<void> {
    const hasTitle = this.#random() < 0.85;
    const id = String(50_000_000_000 + below(this.#random, 900_000_000));
    const name = (shot.appearance.filename ?? "").replace(/\.JPG$/, ".jpg");
    const secret = below(this.#random, 2 ** 31).toString(16);
    await this.#variant(scenario, shot, change, {
      sources: ["flickr"],
      marks: [`flickr:${id}`],
      takenDate: clockText(where.clock),
      filename: hasTitle ? name : `${id}_${secret}_${pick(this.#random, ["b", "k", "o"])}.jpg`,
    });
  }

  /** Any copy of a shot anywhere, with what is known of it there and no more. */
  async place(
    scenario: string,
    shot: Shot,
    change: Change,
    {
      source,
      ...known
    }: Pick<Appearance, "takenDate" | "camera"> & {
      readonly source: string;
      readonly filename: string;
    },
  ): Promise<void> {
    await this.#variant(scenario, shot, change, {
      sources: [source],
      marks: [`${source}:${this.#count}`],
      ...known,
    });
  }

  async #variant(
    scenario: string,
    shot: Shot,
    change: Change,
    facts: Pick<Appearance, "sources" | "marks" | "takenDate" | "camera" | "filename">,
  ): Promise<void> {
    const id = this.#next();
    const file = path.join(this.#dir, `${id}.jpg`);
    const size = await writeVariant(shot.path, file, change);
    const appearance: Appearance = { id, kind: "image", ...facts, ...size };
    const edit = isRendition(change) ? null : JSON.stringify(change);
    this.pictures.push({ appearance, path: file, capture: shot.capture, edit, scenario });
  }
}
