import { formatMinor, type InvoiceLine, type IssuedInvoice, type Usage } from "@raingauge/domain";
import { encodeInvoice, usageDigest } from "@raingauge/wire";
import type { Drafted } from "./draft.ts";
import type { Frozen } from "./redraft.ts";

/** Something that did not come out as it was issued. */
export interface Finding {
  readonly check: "seal" | "chain" | "engine" | "book" | "account" | "credit" | "usage" | "line" | "reading";
  /** The position of the line that it is about; absent where it is about the document. */
  readonly line?: number;
  readonly sentence: string;
}

/** Holds a draft made again against the invoice as issued, and names each line that differs. Pure. */
export function compareDraft(issued: IssuedInvoice, { draft }: Drafted, frozen: Frozen): Finding[] {
  const { invoice } = issued;
  const lines = invoice.lines.flatMap((line) => compareLine(issued, line, draft, frozen));
  const added = draft.invoice.lines.filter((line) => counterpart(line, invoice.lines) === undefined);
  const findings = [...lines, ...added.map(addedLine)];
  if (findings.length > 0) return findings;
  if (usageDigest(draft.free) !== issued.freeDigest) return [FREE_DIFFERS];
  return encodeInvoice(draft.invoice) === encodeInvoice(invoice) ? [] : [WHOLE_DIFFERS];
}

const FREE_DIFFERS: Finding = { check: "usage", sentence: "the usage that is not charged comes out differently" };
const WHOLE_DIFFERS: Finding = { check: "line", sentence: "the invoice as a whole comes out differently" };

const addedLine = ({ sku }: InvoiceLine): Finding => ({
  check: "line",
  sentence: `a line for ${sku} comes out that the invoice does not have`,
});

function compareLine(issued: IssuedInvoice, line: InvoiceLine, draft: Drafted["draft"], frozen: Frozen): Finding[] {
  const { position } = line;
  const again = counterpart(line, draft.invoice.lines);
  if (again === undefined)
    return [{ check: "line", line: position, sentence: `line ${position} does not come out at all` }];
  const usages = draft.usages.get(again.position) ?? [];
  const same = usageDigest(usages) === issued.usageDigests[position - 1];
  if (same && lineText(issued, line) === lineText(issued, { ...again, position })) return [];
  const sentence = `line ${position} ${difference(line, again, issued.invoice.currency)}${culprits(frozen.get(position) ?? [], usages)}`;
  return [{ check: "line", line: position, sentence }];
}

/** The line for the same thing: positions shift where a line is missing, articles do not. */
const counterpart = (line: InvoiceLine, among: readonly InvoiceLine[]): InvoiceLine | undefined =>
  among.find(
    ({ kind, project, region, sku, resource }) =>
      kind === line.kind &&
      project === line.project &&
      region === line.region &&
      sku === line.sku &&
      resource === line.resource,
  );

/** A line's canonical bytes, as those of an invoice that has no other. */
const lineText = ({ invoice }: IssuedInvoice, line: InvoiceLine): string =>
  encodeInvoice({ ...invoice, lines: [line] });

function difference(line: InvoiceLine, again: InvoiceLine, currency: string): string {
  const [issued, now] = [formatMinor(line.amount, currency), formatMinor(again.amount, currency)];
  if (issued !== now) return `comes to ${now} ${currency}, not ${issued} ${currency}`;
  if (line.quantity !== again.quantity) return `measures ${again.quantity}, not ${line.quantity}`;
  return "rests on other evidence or other prices, though its amount is the same";
}

/** The resources whose usage is not the same; a few, for a start. */
function culprits(frozen: readonly Usage[], again: readonly Usage[]): string {
  const before = new Set(frozen.map((usage) => usageDigest([usage])));
  const after = new Set(again.map((usage) => usageDigest([usage])));
  const changed = [
    ...frozen.filter((usage) => !after.has(usageDigest([usage]))),
    ...again.filter((usage) => !before.has(usageDigest([usage]))),
  ];
  const resources = [...new Set(changed.map(({ resource }) => resource))];
  return resources.length === 0
    ? ""
    : ` (${resources.slice(0, CULPRITS_MAX).join(", ")}${resources.length > CULPRITS_MAX ? ", …" : ""})`;
}

const CULPRITS_MAX = 3;
