import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import type { Fault as FlickrFault } from "./flickr/http/faults.js";
import type { LoggedRequest } from "./flickr/http/request-log.js";
import type { Fault as GoogleFault } from "./google/faults.js";
import type { SampleServices } from "./sample-services.js";

/** What one stretch of time saw of requests. */
export interface Requests {
  readonly google: number;
  readonly flickr: number;
  /** How many of them were made to fail. */
  readonly faults: number;
}

const FLICKR_FAULTS: readonly FlickrFault[] = [
  { kind: "status", status: 500 },
  { kind: "status-after", status: 502 },
  { kind: "reset" },
  { kind: "lost-reply" },
];
const GOOGLE_FAULTS: readonly GoogleFault[] = [
  { kind: "status", status: 503 },
  { kind: "reset" },
  { kind: "drop-reply" },
];

const flickrLine = ({
  number,
  status,
  httpMethod,
  path,
  call,
  fields,
  failure,
  fault,
}: LoggedRequest): string =>
  [
    `${String(number).padStart(5)} ${status ?? "---"} ${httpMethod} ${path}`,
    ...(call === null ? [] : [call, inspect(fields, { breakLength: Number.POSITIVE_INFINITY })]),
    ...(failure === null ? [] : [`(failure ${failure})`]),
    ...(fault === null ? [] : [`[${fault}]`]),
  ].join("  ");

/** What a person, or a program in a person's place, can ask of running emulators. */
export class ControlWords {
  readonly #services: SampleServices;
  readonly #logFolder: string | null;
  #google = 0;
  #flickr = 0;

  constructor(services: SampleServices, logFolder: string | null) {
    this.#services = services;
    this.#logFolder = logFolder;
  }

  /** The requests since the last time, written to `<name>-google.log` and `<name>-flickr.log` where there is a folder for logs. */
  async mark(name: string): Promise<Requests> {
    const { google, flickr } = this.#services;
    const [ofGoogle, ofFlickr] = [google.log.entries.slice(this.#google), flickr.log.slice(this.#flickr)];
    this.#google = google.log.entries.length;
    this.#flickr = flickr.log.length;
    if (this.#logFolder !== null) {
      await mkdir(this.#logFolder, { recursive: true });
      const to = (service: string) => join(this.#logFolder ?? "", `${name}-${service}.log`);
      await writeFile(to("google"), google.log.text(ofGoogle));
      await writeFile(to("flickr"), ofFlickr.map((entry) => `${flickrLine(entry)}\n`).join(""));
    }
    const faults = [...ofGoogle.map(({ fault }) => fault ?? null), ...ofFlickr.map(({ fault }) => fault)];
    return {
      google: ofGoogle.length,
      flickr: ofFlickr.length,
      faults: faults.filter((fault) => fault !== null).length,
    };
  }

  /** From now on, about so many of all requests fail, in one way or another; 0 for none. */
  fail(share: number): void {
    const { google, flickr } = this.#services;
    google.faults.clear();
    flickr.faults.clear();
    if (share === 0) return;
    for (const fault of GOOGLE_FAULTS)
      google.faults.add({ matching: /^/, fault, chance: share / GOOGLE_FAULTS.length });
    for (const fault of FLICKR_FAULTS)
      flickr.faults.add({
        fault,
        endpoint: ["rest", "upload", "static"],
        probability: share / FLICKR_FAULTS.length,
      });
  }
}
