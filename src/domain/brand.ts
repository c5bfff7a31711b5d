/** A string (or number) that only its own constructor function makes, so that kinds cannot be mixed up. */
export type Brand<T, B extends string> = T & { readonly __brand: B };
