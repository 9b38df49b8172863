import { EVERYTHING, type Instant } from "@raingauge/domain";
import type { Ledger, NewRatingRecord } from "@raingauge/ledger";
import { monthBefore, monthOf } from "../months.ts";
import type { Calendar } from "../period-query.ts";
import { Fault } from "./fault.ts";
import { type RatingState, stateOf } from "./state.ts";

export interface RatingBook {
  read(): Promise<RatingState>;
  /** Writes what `make` makes of the state as it stands, and gives that state; made again when somebody else wrote meanwhile. */
  write(
    make: (state: RatingState) => readonly NewRatingRecord[] | Promise<readonly NewRatingRecord[]>,
  ): Promise<RatingState>;
  /** Nothing that is written now may change what an hour before this cost: its month is closed. */
  closedUntil(now: Instant): Promise<Instant | undefined>;
}

export function ratingBook(
  ledger: Pick<Ledger, "ratingRecords" | "addRatingRecords" | "invoices">,
  calendar: Pick<Calendar, "zone">,
): RatingBook {
  const read = async () => stateOf(await ledger.ratingRecords());
  return {
    read,
    async write(make) {
      for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
        const state = await read();
        const records = await make(state);
        if (records.length === 0 || (await ledger.addRatingRecords(state.last, records)))
          return records.length === 0 ? state : read();
      }
      throw new Fault(503, "The rules are being changed by somebody else; the same request may succeed later");
    },
    async closedUntil(now) {
      let month = monthBefore(monthOf(now, calendar.zone), calendar.zone);
      for (let back = 0; back < MONTHS_BACK; back += 1) {
        const issued = await ledger.invoices({ period: month }, EVERYTHING);
        if (issued.length > 0) return month.end;
        month = monthBefore(month, calendar.zone);
      }
      return undefined;
    },
  };
}

const ATTEMPTS_MAX = 20;
/** Whoever closes a month, closes it long before two years have gone by. */
const MONTHS_BACK = 24;
