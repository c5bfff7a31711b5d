import { photoIdOf, sha256Of } from "../../src/infra/hash.js";
import { json, type Recipe, recipes } from "./recipes.js";
import { picture, type Sources } from "./sources.js";

/** A photo of the sweeps' libraries that shares its bytes with no other. */
const forgotten = photoIdOf(sha256Of(picture(3)));

const aside = { isAside: true } as const;
const beside = (library: string, name: string) => `${library}/../${name}`;

/** What is done with stores that are filled: each tried for itself, and forgotten again. */
const storeRecipes: readonly Recipe[] = [
  {
    ...aside,
    name: "restore",
    args: (library) => json("restore", "--all", "--variants", "--to", beside(library, "restored"))(library),
  },
  {
    ...aside,
    name: "recover",
    args: (library) => [
      "recover",
      beside(library, "second"),
      beside(library, "recovered"),
      "--originals",
      "--json",
    ],
  },
  {
    ...aside,
    name: "forget",
    args: json("forget", forgotten, "--everywhere", "--confirm", forgotten),
  },
  {
    ...aside,
    name: "store add",
    args: (library) =>
      json("store", "add", "third", "--type", "local", "--path", beside(library, "third"))(library),
    namesPlace: true,
  },
  { ...aside, name: "store remove", args: json("store", "remove", "second") },
  { ...aside, name: "estimate", args: json("estimate") },
];

/** The plain life of a library, with the commands about stores while they are filled. */
export const lifeWithStores = (sources: Sources): readonly Recipe[] =>
  recipes(sources).flatMap((recipe) =>
    recipe.name === "undo replicate" ? [...storeRecipes, recipe] : [recipe],
  );
