import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tgzOf } from "../fixtures/archive/tgz-writer.js";
import { directoryOffset, zipOf } from "../fixtures/archive/zip-writer.js";
import { sidecarJson } from "../fixtures/takeout/takeout-builder.js";
import { picture } from "./sources.js";

/** Sources that bring a run to places where the plain ones do not. */
export interface OddSources {
  /** So many pictures that their documents are committed as a pack. */
  readonly many: string;
  /** A later part of the plain sources' Takeout, as .tgz. */
  readonly tgz: string;
  /** A zip that lost its directory. */
  readonly cutZip: string;
  /** An export that was unpacked under another name. */
  readonly unpacked: string;
  /** One picture in a folder. */
  readonly single: string;
}

/** Each in a month of its own: document and folder are two objects. */
const MANY = 110;
const YEAR = "Takeout/Google Photos/Photos from 2024";
const SIDECAR = ".supplemental-metadata.json";

const monthOf = (number: number): string =>
  `${2000 + Math.floor(number / 12)}:${String((number % 12) + 1).padStart(2, "0")}:01 12:00:00`;

/** Writes them beside the plain sources. */
export async function writeOddSources(home: string): Promise<OddSources> {
  const at = (name: string): string => join(home, "sources", name);
  const odd = {
    many: at("many"),
    tgz: at("takeout-20260601T101112Z-002.tgz"),
    cutZip: at("takeout-20260701T101112Z-001.zip"),
    unpacked: at("unpacked"),
    single: at("single"),
  };
  await mkdir(odd.many, { recursive: true });
  for (let number = 0; number < MANY; number++)
    await writeFile(join(odd.many, `IMG_${number}.jpg`), picture(1000 + number, monthOf(number)));
  const exported = (number: number) => {
    const name = `IMG_${number}.jpg`;
    const told = sidecarJson({ title: name, id: `AF1Qip${number}`, description: `Number ${number}` });
    return [
      { name: `${YEAR}/${name}`, bytes: picture(number) },
      { name: `${YEAR}/${name}${SIDECAR}`, bytes: told },
    ] as const;
  };
  await writeFile(odd.tgz, await tgzOf(exported(7)));
  const zip = zipOf(exported(8));
  await writeFile(odd.cutZip, zip.subarray(0, directoryOffset(zip)));
  await mkdir(odd.single);
  await writeFile(join(odd.single, "IMG_60.jpg"), picture(60));
  await mkdir(odd.unpacked);
  for (const { name, bytes } of exported(9))
    await writeFile(join(odd.unpacked, name.slice(YEAR.length + 1)), bytes);
  return odd;
}
