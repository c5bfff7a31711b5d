/** `README.md` of every library: how to read and recover it without photosync. */
export const LIBRARY_README = `# A photosync library

Every photo has one JSON document under \`photos/YYYY/MM/\`, in Git. Its original lies as a plain file in every store
that \`config/user-preferences.json\` names; the default one is \`blobs/\` beside this file (not in Git).

## Reading it without photosync

- \`photos/2024/01/<photo_id>.json\` says when and where a photo was taken, its caption, tags, albums and people
  (\`metadata\`, \`albums\`, \`people\`), what each service said of it word for word (\`sources\`), and where its bytes
  are (\`blob_key\`, \`replicas\`, and \`variants\` for RAW files, live-photo clips and edited versions).
- \`blobs/<blob_key>\` is the original, byte for byte. The long number in its name is the SHA-256 of its bytes.
- \`schemas/\` describes every field (JSON Schema 2020-12).
- \`tombstones/\` names photos that were forgotten for good, by id and hash, so that they are not taken in again.
- \`config/prices.json\` has the list prices by which costs are estimated; edit it as they change.
- \`reports/\` accounts for every file that was found in imported archives.

## Checking it without photosync

    cd blobs && sha256sum -c SHA256SUMS      # every stored original, against its hash
    git fsck --strict                        # the documents and their history
    git log                                  # every operation, one commit each

## Bringing it back without photosync

Clone this repository from any copy of it and put the files of any one store back as \`blobs/\`. Nothing else is needed.
Every store has such copies: \`git clone STORE/library/<newest>.bundle library\` makes one (names sort by time).
A document that was damaged or edited by mistake comes back from history: \`git log -- photos/2024/01/<photo_id>.json\`,
then \`git checkout <commit> -- <path>\`.

Nothing in \`.photosync/\` is worth keeping: it holds caches of this computer and is rebuilt when missing.
`;
