/** Later than anything, and still an exact number. */
export const FOREVER = 2 ** 52;
