/** Of a batch as it is written now. */
export const VERSION = 1;
