/** Up to this size objects are sent whole, bigger ones in parts of the other one. */
export const WHOLE_BYTES = 16 * 1024 ** 2;
export const PART_BYTES = 8 * 1024 ** 2;
