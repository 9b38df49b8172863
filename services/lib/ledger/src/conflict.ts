/** What was asked contradicts what is written. */
export class LedgerConflict extends Error {
  override readonly name = "LedgerConflict";
}
