import { at } from "@raingauge/domain";
import { describe, it, onTestFinished } from "vitest";
import { describeBudgets } from "./budgets/conformance.ts";
import { admitting } from "./conformance/admitting.ts";
import { keepingBooks } from "./conformance/books.ts";
import { issuing } from "./conformance/issuing.ts";
import { reading } from "./conformance/reading.ts";
import type { Exemptions, Place, Subject } from "./conformance/subject.ts";
import { describeCredits } from "./credits/conformance.ts";
import type { LedgerOptions } from "./options.ts";
import { describeProposals } from "./proposals/conformance.ts";
import { describeRatingRecords } from "./rating-records/conformance.ts";
import { describeRequestRecords } from "./requests/conformance.ts";
import { describeRetirements } from "./retirements/conformance.ts";

/** Every ledger keeps the numbered promises of the port. `open` gives an empty one. */
export function describeLedger(
  name: string,
  open: (options: LedgerOptions) => Promise<Subject>,
  exempt: Exemptions = {},
): void {
  const opened: Place["opened"] = async (clock = () => at(Date.now())) => {
    const subject = await open({ clock });
    onTestFinished(() => subject.ledger[Symbol.asyncDispose]());
    return subject;
  };
  const itWith: Place["itWith"] = (need, title, test) => {
    const reason = exempt[need];
    if (reason === undefined) it(title, test);
    else it.skip(`${title} (exempt: ${reason})`, test);
  };

  describe(`the promises of a ledger: ${name}`, () => {
    const place = { opened, itWith };
    keepingBooks(place);
    issuing(place);
    reading(place);
    admitting(place);
    describeRatingRecords(() => opened());
    describeRequestRecords(() => opened());
    describeBudgets(opened);
    describeProposals(opened);
    describeCredits(opened);
    describeRetirements(opened);
  });
}
