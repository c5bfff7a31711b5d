/** What the routes to each provider's photos can see, in a sentence or two for a person. */
const ROUTES: Readonly<Record<string, string>> = {
  "google-photos":
    "Originals with their places come from a Google Takeout export alone. The sign-in sees what photosync uploaded and what you pick by hand, and neither as originals. Google lets nobody read who can see a photo.",
  "google-drive":
    "Pictures and videos in the folders named under `folders`, as they are; photos that are only in Google Photos are not there.",
  flickr:
    "The sign-in sees the whole account, and who may see each photo. Originals come where Flickr lets the account download them (Pro); of videos often only from Flickr's own data export.",
  "flickr-export":
    "What Flickr's own data export holds: originals, and who could see each photo on that day.",
  "google-takeout": "What a Google Takeout export holds: originals with their places, albums and captions.",
};

/** What can be seen of a provider's photos, and on which way; null where there is nothing to be said. */
export const routeNote = (provider: string): string | null =>
  Object.hasOwn(ROUTES, provider) ? (ROUTES[provider] ?? null) : null;
