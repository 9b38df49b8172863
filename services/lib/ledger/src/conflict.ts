/** What was asked contradicts what is written. */
export class LedgerConflict extends Error {
  override readonly name = "LedgerConflict";
}

/** Somebody else wrote meanwhile: what was to be replaced is not what the writer had read. */
export class Superseded extends Error {
  override readonly name = "Superseded";
}
