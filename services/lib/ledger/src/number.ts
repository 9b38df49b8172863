import type { IssuedInvoice } from "@raingauge/domain";

/**
 * What a document is called. Six digits sort as they count for the first million documents, and go on counting after that.
 */
export const numberOf = ({ series, sequence }: Pick<IssuedInvoice, "series" | "sequence">): string =>
  `${series}-${String(sequence).padStart(6, "0")}`;
