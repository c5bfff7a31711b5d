/** The name under which a store's secrets are kept, and asked for in the environment. */
export const accountOf = (store: string): string => `store-${store}`;
