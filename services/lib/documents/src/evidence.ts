import type { InvoiceLine } from "@raingauge/domain";

export type Evidence = Pick<InvoiceLine["evidence"], "readings" | "observedMs" | "inferredMs">;

/** The part of the time charged that was seen, in per cent; cut off, so that it is never more than it was. */
export const seen = (evidence: Evidence): string => percent(seenTenths(evidence));

/** The rest, which was concluded: both together are always 100 %. */
export const inferred = (evidence: Evidence): string => percent(1000 - seenTenths(evidence));

const seenTenths = ({ observedMs, inferredMs }: Evidence): number =>
  observedMs + inferredMs === 0 ? 1000 : Math.floor((observedMs * 1000) / (observedMs + inferredMs));

const percent = (tenths: number): string => `${tenths / 10} %`;
