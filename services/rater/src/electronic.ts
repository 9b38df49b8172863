import { eInvoiceProblems } from "@raingauge/documents";
import type { Invoice } from "@raingauge/domain";
import type { Obstacle } from "./obstacle.ts";

/** A buyer who has an electronic address is sent electronic invoices: what a gate would refuse must not use up a number. */
export const eInvoiceObstacles = (invoice: Invoice): Obstacle[] =>
  invoice.account.buyer?.endpoint === undefined
    ? []
    : eInvoiceProblems({ number: DRAFT, issueDate: FIRST_DAY, dueDate: FIRST_DAY, invoice }).map(({ rule, says }) => ({
        code: "e-invoice",
        figures: { rule, says },
      }));

/** A draft has neither number nor day yet; no rule asks which. */
const DRAFT = "draft";
const FIRST_DAY = "2000-01-01";
