import { jpegFor } from "../flickr/http/pictures.js";
import { madeUpContent } from "./content.js";
import { sampleFilm } from "./sample.js";
import { SAMPLE_EMAIL, seedAccount, seedClient, seedDriveFile, seedDriveFolder, seedItem } from "./seed.js";
import type { GoogleState } from "./state.js";

const PHOTOS = [
  ["harbour.jpg", "2019:05:04 06:20:30", "Early in the morning."],
  ["two-boats.jpg", "2019:05:04 06:31:02", ""],
  ["birthday.jpg", "2020:02:11 16:00:00", "Bea turns six"],
  ["first-snow.jpg", "2021:12:01 08:10:00", ""],
] as const;

/** A picture that decodes, with its date and words of its own. */
const pictureOf = (name: string, taken: string): Uint8Array => jpegFor(`${taken} ${name}`);

/**
 * Seeds what a person finds who tries photosync against the emulator: an account with photos and a film that its owner brought
 * to Google Photos (to be picked), folders in Drive, and a client whose consent page asks.
 */
export function seedSampleAccount(
  state: GoogleState,
  nowMs: number,
): { readonly email: string; readonly folder: string } {
  seedAccount(state);
  seedClient(state);
  state.consent = { kind: "ask", email: SAMPLE_EMAIL };
  for (const [filename, taken, description] of PHOTOS) {
    const bytes = pictureOf(filename, taken);
    seedItem(state, nowMs, { bytes, filename, description, clientId: null, width: 16, height: 12 });
  }
  const film = madeUpContent(3_000_000, sampleFilm("first steps"));
  seedItem(state, nowMs, { content: film, filename: "first-steps.mp4", clientId: null });
  const photos = seedDriveFolder(state, nowMs, "Photos");
  const year = seedDriveFolder(state, nowMs, "2019", photos.id);
  for (const [name, taken] of PHOTOS) {
    const parent = taken.startsWith("2019") ? year.id : photos.id;
    const imageMediaMetadata = { time: taken, width: 16, height: 12 };
    seedDriveFile(state, nowMs, { name, bytes: pictureOf(name, taken), parent, imageMediaMetadata });
  }
  seedDriveFile(state, nowMs, {
    name: "scan.jpg",
    bytes: pictureOf("scan.jpg", "2022:01:03 11:00:00"),
    parent: photos.id,
  });
  return { email: SAMPLE_EMAIL, folder: "/Photos" };
}
