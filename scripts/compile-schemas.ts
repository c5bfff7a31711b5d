import { writeValidators } from "./schema-validators.js";

// A step of `npm run build`.
writeValidators(new URL("../dist/control/", import.meta.url));
