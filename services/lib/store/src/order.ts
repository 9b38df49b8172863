/** By code units, never by locale: the machine's language must not reorder an answer. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
