const MARK = "+";

/**
 * The id under which a rejected message goes back on the bus: the bus remembers the old one, and would call it a duplicate.
 * The same reject gives the same id, so that a replay that was interrupted and repeated still puts it back once.
 */
export const replayId = (id: string, rejectedSequence: bigint): string =>
  `${id.split(MARK)[0]}${MARK}${rejectedSequence}`;
