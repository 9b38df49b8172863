import type { ChargeTier, InvoiceLine, LineTax } from "@raingauge/domain";
import { writer } from "./canonical.ts";
import { writeEvidence } from "./usage.ts";
import { counted, fractionDigits, listOf, textual, wholeDigits } from "./written.ts";

/** An invoice's lines as they rest: most of a document. */
export const writeLines: (lines: readonly InvoiceLine[]) => string = listOf(
  writer<InvoiceLine>({
    position: counted,
    kind: textual,
    of: textual,
    project: textual,
    region: textual,
    sku: textual,
    description: textual,
    meter: textual,
    resource: textual,
    resources: counted,
    quantity: wholeDigits,
    units: fractionDigits,
    unit: textual,
    freeUnits: fractionDigits,
    model: textual,
    share: fractionDigits,
    tiers: listOf(writer<ChargeTier>({ units: fractionDigits, amount: fractionDigits, cost: fractionDigits })),
    raised: fractionDigits,
    capped: fractionDigits,
    cost: fractionDigits,
    amount: wholeDigits,
    tax: writer<LineTax>({ category: textual, rate: fractionDigits }),
    evidence: writeEvidence,
    change: writer<NonNullable<InvoiceLine["change"]>>({ billed: wholeDigits, due: wholeDigits }),
  }),
);
