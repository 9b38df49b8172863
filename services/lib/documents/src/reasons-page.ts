import { contains, type Event, type InvoiceLine, type IssuedInvoice, type Sample, type Usage } from "@raingauge/domain";
import { utc } from "./dates.ts";
import { type Html, html, NOTHING } from "./html.ts";
import { page } from "./page.ts";
import { counted, grouped } from "./words.ts";

/** One line's reasons, from the rule down to the readings and messages. */
export interface LineReasons {
  readonly issued: IssuedInvoice;
  readonly line: InvoiceLine;
  readonly rule: {
    readonly arithmetic: string;
    readonly book: { readonly name: string; readonly version: string; readonly digest: string };
  };
  /** On a line of a credit or debit note. */
  readonly change?: {
    readonly billed: readonly { readonly number: string; readonly position: number; readonly arithmetic: string }[];
    readonly due?: string;
    readonly gone: readonly Usage[];
  };
  readonly usages: { readonly count: number; readonly digest: string; readonly explained: readonly UsageReasons[] };
}

interface UsageReasons {
  readonly usage: Usage;
  readonly sentence: string;
  /** On a correction: the quantity as it was billed before. */
  readonly before?: bigint;
  readonly readings: Shown<Sample>;
  /** On a correction: those that became known since. */
  readonly late?: Shown<Sample>;
  readonly messages: Shown<string>;
  readonly notifications: Shown<Event>;
}

interface Shown<T> {
  readonly count: number;
  readonly digest: string;
  readonly shown: readonly T[];
}

/** Where the rest of a long answer is. */
export interface MoreReasons {
  readonly next?: string | undefined;
}

/** Why a line says what it says, for somebody who has the invoice in hand and a question. */
export function reasonsPage(reasons: LineReasons, { next }: MoreReasons = {}): string {
  const { issued, line, rule, change, usages } = reasons;
  const body = html`
<main>
<header>
  <div>
    <p class="kind">Invoice <a href="/invoices/${encodeURIComponent(issued.number)}">${issued.number}</a>, line ${line.position}</p>
    <h1>${line.description}</h1>
  </div>
</header>
<h2>The rule and the sum</h2>
<p class="sum">${rule.arithmetic}</p>
<p>Price <code>${line.sku}</code> of ${rule.book.name}, version ${rule.book.version} <small>book <code>${rule.book.digest}</code></small></p>
${change === undefined ? NOTHING : changeSection(change)}
<h2>What was used</h2>
${line.kind === undefined || change !== undefined ? NOTHING : html`<p>Nothing by itself: this line adjusts the lines above it.</p>`}
<p>${counted(usages.count, "usage")} of <code>${line.meter}</code>, frozen with the invoice <small>digest <code>${usages.digest}</code></small></p>
${usages.explained.map(usageSection)}
${next === undefined ? NOTHING : html`<p><a href="${next}">further usages</a></p>`}
</main>`;
  return page(`Why: invoice ${issued.number}, line ${line.position}`, body);
}

const changeSection = ({ billed, due, gone }: NonNullable<LineReasons["change"]>): Html => html`
<h2>What changed</h2>
<ul>
  ${billed.map(({ number, position, arithmetic }) => html`<li>billed by <a href="/invoices/${encodeURIComponent(number)}">${number}</a>, line ${position}: ${arithmetic}</li>`)}
  ${billed.length === 0 ? html`<li>billed by nothing before</li>` : NOTHING}
  <li>due now: ${due ?? "nothing"}</li>
  ${gone.map(({ resource, quantity }) => html`<li><code>${resource}</code>: ${grouped(String(quantity))} were billed, and nothing of it is left</li>`)}
</ul>`;

const changedSentence = ({ before, late }: UsageReasons): Html =>
  late === undefined
    ? NOTHING
    : html`<p>Billed before: ${before === undefined ? "nothing" : grouped(String(before))}; ${counted(late.count, "reading")} became known since.</p>`;

const usageSection = (reasons: UsageReasons): Html => {
  const { usage, sentence, readings, messages, late, notifications } = reasons;
  const news = new Set(late?.shown.map(({ id }) => id));
  return html`
<section>
  <h3><code>${usage.resource}</code></h3>
  <p>${sentence}</p>
  ${changedSentence(reasons)}
  <p class="dimensions">${Object.entries(usage.dimensions).map(([name, value]) => html`<span>${name} <b>${value}</b></span> `)}</p>
  <table>
    <caption>${counted(readings.count, "reading")} from ${counted(messages.count, "message")}, as known when the invoice was issued</caption>
    <thead><tr><th scope="col">Instant</th><th scope="col" class="number">Value</th><th scope="col">Says</th><th scope="col">Source</th><th scope="col">Message</th></tr></thead>
    <tbody>${readings.shown.map((reading) => readingRow(reading, usage, news.has(reading.id)))}
    </tbody>
  </table>
  ${readings.shown.length < readings.count ? html`<p>and ${grouped(String(readings.count - readings.shown.length))} more</p>` : NOTHING}
  ${notifications.count === 0 ? NOTHING : html`<p>Of the messages, ${counted(notifications.count, "notification")}: ${notifications.shown.map(({ type, at, id }) => html`<small>${utc(at)} ${type} <code>${id}</code></small>`)}</p>`}
  <small>readings <code>${readings.digest}</code></small><small>messages <code>${messages.digest}</code></small>
</section>`;
};

const SAYS: Readonly<Record<Sample["stance"], string>> = {
  states: "states",
  sights: "sees",
  ends: "ends",
  vanishes: "is gone",
};

const readingRow = (reading: Sample, { period }: Usage, isNews: boolean): Html => html`
      <tr>
        <td>${utc(reading.at)}${contains(period, reading.at) ? NOTHING : html` <small>beside the period</small>`}${isNews ? html` <small>became known since</small>` : NOTHING}</td>
        <td class="number">${grouped(String(reading.value))}</td>
        <td>${SAYS[reading.stance]}</td>
        <td>${reading.source}, ${reading.origin}</td>
        <td><code>${reading.message}</code></td>
      </tr>`;
