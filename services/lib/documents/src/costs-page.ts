import { formatMinor, type Invoice, type InvoiceLine } from "@raingauge/domain";
import { monthOrDays } from "./dates.ts";
import { type Html, html, NOTHING } from "./html.ts";
import { page } from "./page.ts";
import { called, type Names, type Visitor, ways } from "./visitor.ts";
import { counted, grouped, units } from "./words.ts";

/** What one project's month has come to. */
export interface CostSoFar {
  readonly project: string;
  readonly invoice: Invoice;
  /** How many usages no price covers. */
  readonly unpriced: number;
  /** Whose draft may be looked at; absent where that shows more than the visitor may see. */
  readonly account?: string;
}

/** What the running month costs so far, project by project; nothing of it is owed before it is on an invoice. */
export function costsPage(costs: readonly CostSoFar[], visitor: Visitor, names: Names = new Map()): string {
  const body = html`
<main>
${ways("/costs", visitor)}
<header><div><p class="kind">Raingauge</p><h1>Costs so far</h1></div></header>
<p>What this month has come to by now, without tax. Nothing of it is owed before an invoice says so.</p>
${costs.length === 0 ? html`<p class="empty">Nothing was used this month yet.</p>` : costs.map((cost) => section(cost, names))}
</main>`;
  return page("Costs so far", body);
}

const section = ({ project, invoice, unpriced, account }: CostSoFar, names: Names): Html => html`
<section>
  <h2>${called(project, names)}</h2>
  <table>
    <caption>${monthOrDays(invoice.period, invoice.zone)}</caption>
    <thead><tr><th scope="col">Item</th><th scope="col" class="number">Quantity</th><th scope="col" class="number">Amount</th></tr></thead>
    <tbody>${invoice.lines.map((line) => row(line, invoice))}
    </tbody>
    <tfoot><tr><th scope="row" colspan="2">So far</th><td class="number">${money(invoice.net, invoice)}</td></tr></tfoot>
  </table>
  ${unpriced === 0 ? NOTHING : html`<p>${counted(unpriced, "usage")} no price covers, so that this month could not be billed yet.</p>`}
  ${account === undefined ? NOTHING : draftOf(account)}
</section>`;

const draftOf = (account: string): Html => {
  const base = `/v1/accounts/${encodeURIComponent(account)}/draft/documents`;
  return html`<p><a href="${base}/html">The invoice as it would be now</a> · <a href="${base}/pdf" aria-label="The invoice of ${account} as it would be now, as PDF">PDF</a></p>`;
};

const row = ({ description, units: count, unit, amount }: InvoiceLine, invoice: Invoice): Html => html`
      <tr><td>${description}</td><td class="number">${grouped(units(count))} ${unit}</td><td class="number">${money(amount, invoice)}</td></tr>`;

const money = (amount: bigint, { currency }: Invoice): string =>
  `${grouped(formatMinor(amount, currency))}\u00a0${currency}`;
