import {
  type Currency,
  formatMinor,
  type Invoice,
  type InvoiceLine,
  type IssuedInvoice,
  type TaxGroup,
} from "@raingauge/domain";
import { applied } from "./applied.ts";
import { day, days, monthOrDays, utc } from "./dates.ts";
import { type Evidence, inferred, seen, totalEvidence } from "./evidence.ts";
import { type Html, html, NOTHING } from "./html.ts";
import { page } from "./page.ts";
import { counted, duration, grouped, price, pricesInWords, units } from "./words.ts";

/**
 * An issued invoice as one page that stands alone: no script, no font, no picture from elsewhere, ready to print. Pure, so
 * that the same document always gives the same bytes.
 */
export function invoicePage(document: IssuedInvoice): string {
  const { number, invoice } = document;
  const body = html`
<main>
${heading(document)}
${facts(document)}
${lines(invoice, (line) => `/v1/invoices/${encodeURIComponent(number)}/lines/${line.position}/why`)}
${footnotes(document)}
</main>`;
  return page(`Invoice ${number}`, body);
}

const KINDS: Readonly<Record<Invoice["kind"], string>> = {
  invoice: "Invoice",
  "credit-note": "Credit note",
  "debit-note": "Debit note",
};

const heading = ({ number, invoice }: IssuedInvoice): Html => html`
<header>
  <div>
    <p class="kind">${KINDS[invoice.kind]}</p>
    <h1>${number}</h1>
  </div>
  <p class="total"><span>Total</span> <strong>${money(invoice.total, invoice.currency)}</strong></p>
</header>`;

const facts = ({ issuedAt, invoice }: IssuedInvoice): Html => html`
<dl class="facts">
  <div><dt>${invoice.projects.length === 1 ? "Project" : "Account"}</dt><dd>${invoice.account.name}</dd></div>
  <div><dt>Period</dt><dd>${monthOrDays(invoice.period, invoice.zone)}<small>${days(invoice.period, invoice.zone)}, ${invoice.zone}</small></dd></div>
  <div><dt>Issued</dt><dd>${day(issuedAt, invoice.zone)}</dd></div>
  <div><dt>Prices</dt><dd>${invoice.books.map(({ name, version }) => html`${name}<small>version ${version}</small>`)}</dd></div>
</dl>`;

const lines = (invoice: Invoice, why: (line: InvoiceLine) => string): Html => html`
<table>
  <caption>What was used, what a unit costs, and what it comes to</caption>
  <thead>
    <tr><th scope="col" class="position">#</th><th scope="col">Item</th><th scope="col" class="number">Quantity</th><th scope="col" class="number">Unit price</th><th scope="col" class="number">Amount</th></tr>
  </thead>
  <tbody>${invoice.lines.map((line) => row(line, invoice.currency, why(line)))}
  </tbody>
  <tfoot>${invoice.taxes.map((tax) => taxRow(tax, invoice.currency))}
    <tr><th scope="row" colspan="4">Total</th><td class="number">${money(invoice.total, invoice.currency)}</td></tr>
  </tfoot>
</table>`;

const taxRow = ({ category, rate, reason, net, tax }: TaxGroup, currency: Currency): Html => html`
    <tr><th scope="row" colspan="4">${price(rate)} % tax (${category}) on ${money(net, currency)}${reason === undefined ? NOTHING : html`<small>${reason.text}</small>`}</th><td class="number">${money(tax, currency)}</td></tr>`;

const row = (line: InvoiceLine, currency: Currency, why: string): Html =>
  line.kind === undefined ? usedRow(line, currency, why) : adjustingRow(line, currency);

/** It measures nothing, so there is nothing to prove but the sum, and that is on the paper. */
const adjustingRow = (
  { position, description, sku, units: base, unit, amount }: InvoiceLine,
  currency: Currency,
): Html => html`
    <tr>
      <td class="position">${position}</td>
      <td><span class="item">${description}</span><small><code>${sku}</code></small></td>
      <td class="number">${grouped(units(base))}<small>${unit}</small></td>
      <td></td>
      <td class="number">${money(amount, currency)}</td>
    </tr>`;

const usedRow = (line: InvoiceLine, currency: Currency, why: string): Html => html`
    <tr>
      <td class="position">${line.position}</td>
      <td><span class="item">${line.description}</span>
        <small><code>${line.sku}</code> · ${line.resource === undefined ? counted(line.resources, "resource") : html`<code>${line.resource}</code>`}</small>
        ${rules(line, currency)}<small class="evidence">${proof(line.evidence)} · <a href="${why}">why this amount?</a></small></td>
      <td class="number">${grouped(units(line.units))}<small>${line.unit}</small></td>
      <td class="number">${prices(line)}</td>
      <td class="number">${money(line.amount, currency)}</td>
    </tr>`;

const prices = ({ tiers, unit }: InvoiceLine): Html =>
  html`${pricesInWords(tiers).map((tier) => html`<span class="tier">${tier}</span>`)}<small>per ${unit}</small>`;

const rules = (line: InvoiceLine, currency: Currency): Html =>
  html`${applied(line, (value) => grouped(units(value))).map((rule) => html`<small>${rule}</small>`)}${capNote(line, currency)}`;

const capNote = ({ capped, cost }: InvoiceLine, currency: Currency): Html =>
  capped === undefined
    ? NOTHING
    : html`<small>capped at ${grouped(price(cost))} ${currency}: ${grouped(price(capped))} ${currency} not charged</small>`;

/** How much of a line was seen and how much was concluded: the first thing that a doubting reader asks. */
function proof(evidence: Evidence): string {
  const readings = counted(evidence.readings, "reading");
  if (evidence.observedMs + evidence.inferredMs === 0) return readings;
  if (evidence.inferredMs === 0) return `Seen ${seen(evidence)} in ${readings}`;
  return `Seen ${seen(evidence)}, inferred ${inferred(evidence)} (${duration(evidence.inferredMs)}) in ${readings}`;
}

function footnotes({ number, invoice, pins, previousHash, hash }: IssuedInvoice): Html {
  const evidence = totalEvidence(invoice.lines);
  return html`
<footer>
  <h2>How this invoice can be checked</h2>
  <p>Only time that was observed, or that is proven by what came before and after it, is charged; time in which nobody was
  watching is not. Of the time charged here ${seen(evidence)} was seen and ${inferred(evidence)} was inferred${
    evidence.inferredMs === 0 ? "" : ` (${duration(evidence.inferredMs)} over all resources)`
  }.
  It rests on ${counted(evidence.readings, "reading")} stored by ${utc(pins.watermark)}; what arrived later is not on
  this invoice and would be settled by a document of its own.</p>
  <p>Every amount is worked out in one order: what was used, less the free allowance, in whole packages where it is sold so,
  at the price of its tier, at most the cap; then what is off single prices, and what is off everything; last what is missing to the minimum. Each line is rounded once, half up, and the total is the sum of the lines. The <a href="/v1/invoices/${encodeURIComponent(number)}/verify">check of
  this invoice</a> computes it again from the usage frozen with it and from the readings themselves.</p>
  <dl class="seals">
    <div><dt>This document</dt><dd><code>${hash}</code></dd></div>
    ${previousHash === "" ? NOTHING : html`<div><dt>The one before it</dt><dd><code>${previousHash}</code></dd></div>`}
    ${pins.bookDigests.map((digest) => html`<div><dt>Price book</dt><dd><code>${digest}</code></dd></div>`)}
    <div><dt>Period in UTC</dt><dd>${utc(invoice.period.start)} up to ${utc(invoice.period.end)}</dd></div>
    <div><dt>Computed by</dt><dd>${pins.engine}</dd></div>
  </dl>
</footer>`;
}

const money = (minor: bigint, currency: Currency): string =>
  `${grouped(formatMinor(minor, currency))}\u00a0${currency}`;
