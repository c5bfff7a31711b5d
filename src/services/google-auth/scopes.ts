/** A permission that Google asks the owner for, and what it is wanted for. */
export interface GoogleScope {
  readonly scope: string;
  readonly allows: string;
}

const AT = "https://www.googleapis.com/auth/";

/**
 * The least that each service needs (https://developers.google.com/photos/overview/authorization). Nothing here lets anybody delete,
 * share, or look at a library that the owner did not pick from.
 */
const SCOPES: Readonly<Record<string, readonly GoogleScope[]>> = {
  "google-photos": [
    { scope: `${AT}photoslibrary.appendonly`, allows: "add photos and albums" },
    {
      scope: `${AT}photoslibrary.readonly.appcreateddata`,
      allows: "see the photos and albums that photosync itself added, and no others",
    },
    {
      scope: `${AT}photoslibrary.edit.appcreateddata`,
      allows: "change the descriptions and albums of what photosync itself added",
    },
    {
      scope: `${AT}photospicker.mediaitems.readonly`,
      allows: "download photos that you pick by hand, each time anew",
    },
  ],
  "google-drive": [{ scope: `${AT}drive.readonly`, allows: "read files in your Drive; change none" }],
};

/** The permissions that a provider needs; none for one that is not Google's. */
export const googleScopes = (provider: string): readonly GoogleScope[] => SCOPES[provider] ?? [];
