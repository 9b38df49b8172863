import {
  at,
  type Completeness,
  compare,
  type Instant,
  type Invoice,
  type InvoiceLine,
  type IssuedInvoice,
  type Party,
  type Pins,
  partPercent,
  payable,
  rational,
  type TaxGroup,
  times,
  ZERO,
} from "@raingauge/domain";
import { calendarDay, utc } from "./dates.ts";
import { inferred, seen } from "./evidence.ts";
import type { Held } from "./held/held.ts";
import { heldSentence } from "./held/sentence.ts";
import { type Language, languageOf, localDay, localDigits, localMoney } from "./language.ts";
import { causeOf, itemOf, unitOf } from "./own-words.ts";
import type { Phrases } from "./phrases/phrases.ts";
import { PHRASES } from "./phrases/table.ts";
import { duration, price, units } from "./words.ts";

/**
 * What a document says to people, in the account's language and as finished text: the page and the PDF both print it, so that
 * neither can say another figure than the other.
 */
export interface Sheet {
  readonly language: Language;
  readonly phrases: Phrases;
  readonly number: string;
  readonly kind: string;
  readonly title: string;
  readonly total: string;
  readonly seller: readonly string[];
  readonly buyer: readonly string[];
  readonly facts: readonly Fact[];
  readonly lines: readonly SheetLine[];
  /** Net, each tax, and what is to be paid. */
  readonly sums: readonly Fact[];
  readonly notes: readonly string[];
  readonly payment: readonly string[];
  /** How completely everything was watched; empty where nobody looked. */
  readonly founded: readonly Fact[];
  /** How anybody can convince himself of it. */
  readonly check: { readonly title: string; readonly texts: readonly string[] };
  readonly seals: readonly Fact[];
}

export interface Fact {
  readonly name: string;
  readonly value: string;
}

export interface SheetLine {
  readonly position: number;
  readonly item: string;
  readonly sku: string;
  readonly details: readonly string[];
  readonly evidence?: string;
  readonly quantity: string;
  readonly unit: string;
  readonly prices: readonly string[];
  readonly amount: string;
  readonly minor: bigint;
}

/** What is issued, or would be now. */
export const sheetOf = (document: IssuedInvoice | DraftInvoice): Sheet =>
  isIssued(document) ? issuedSheet(document) : draftSheet(document);

export const isIssued = (document: IssuedInvoice | DraftInvoice): document is IssuedInvoice => "number" in document;

/** An invoice as it would be issued now. */
export interface DraftInvoice {
  readonly invoice: Invoice;
  readonly pins: Pins;
  readonly asOf: Instant;
  /** Net, by the end of the period; absent where it is too early to say. */
  readonly forecast?: bigint;
  /** What would keep it from being issued. */
  readonly wouldHold: readonly Held[];
}

function draftSheet({ invoice, pins, asOf, forecast, wouldHold }: DraftInvoice): Sheet {
  const sheet = billSheet(invoice, pins, ({ forecast: word, net, asOf: when }, language) => ({
    dated: [
      [when, utc(asOf)],
      [word, forecast === undefined ? undefined : `${net} ${localMoney(forecast, invoice.currency, language)}`],
    ],
    corrected: [],
  }));
  const { phrases, notes, language } = sheet;
  return {
    ...sheet,
    kind: phrases.draft,
    title: `${phrases.draft} ${invoice.account.name}`,
    notes: [phrases.notOwed, ...wouldHold.map((held) => `${phrases.held}: ${heldSentence(held, language)}`), ...notes],
    // Nobody is asked to pay what is not owed.
    payment: [],
    check: { title: phrases.workedOut, texts: [phrases.sequence] },
  };
}

function issuedSheet({ number, issueDate, dueDate, invoice, pins, hash, previousHash }: IssuedInvoice): Sheet {
  const { account, corrects, kind } = invoice;
  const sheet = billSheet(invoice, pins, (phrases, language) => ({
    dated: [
      [phrases.issued, localDay(issueDate, language)],
      [phrases.due, account.mode === "external" && kind !== "credit-note" ? localDay(dueDate, language) : undefined],
    ],
    corrected: [
      [phrases.corrects, corrects?.number],
      [phrases.reason, causeOf(corrects?.reason, phrases)],
    ],
  }));
  const { phrases, seals } = sheet;
  const own = told([
    [phrases.hash, hash],
    [phrases.before, previousHash === "" ? undefined : previousHash],
  ]);
  return {
    ...sheet,
    number,
    kind: phrases.kinds[kind],
    title: `${phrases.kinds[kind]} ${number}`,
    seals: [...own, ...seals],
  };
}

type Said = readonly (readonly [name: string, value: string | undefined])[];

/** What a bill says whether or not it is issued, around the facts that are told of the one or the other. */
function billSheet(
  invoice: Invoice,
  pins: Pins,
  own: (phrases: Phrases, language: Language) => { readonly dated: Said; readonly corrected: Said },
): Sheet {
  const language = languageOf(invoice.account.locale);
  const phrases = PHRASES[language];
  const { account, currency } = invoice;
  const { dated, corrected } = own(phrases, language);
  const money = (minor: bigint): string => localMoney(minor, currency, language);
  const day = (date: string): string => localDay(date, language);
  const first = calendarDay(invoice.period.start, invoice.zone);
  const last = calendarDay(at(invoice.period.end - 1), invoice.zone);
  return {
    language,
    phrases,
    number: "",
    kind: "",
    title: "",
    total: money(invoice.total),
    seller: partyLines(account.seller, phrases),
    buyer: account.buyer === undefined ? [account.name] : partyLines(account.buyer, phrases),
    facts: told([
      [phrases.account, account.name],
      [phrases.period, `${day(first)} – ${day(last)} (${invoice.zone})`],
      ...dated,
      [phrases.reference, account.buyerReference],
      [phrases.order, account.purchaseOrder],
      [phrases.costCentre, account.costCentre],
      ...corrected,
      [phrases.prices, invoice.books.map(({ name, version }) => `${name} ${version}`).join(", ")],
    ]),
    lines: invoice.lines.map((line) =>
      sheetLine(line, { language, phrases, money, currency, several: invoice.projects.length > 1 }),
    ),
    sums: [
      ...(invoice.taxes.length === 0 ? [] : [{ name: phrases.net, value: money(invoice.net) }]),
      ...invoice.taxes.map((group) => taxFact(group, { language, phrases, money })),
      ...taxInFact(invoice, { language, phrases, money }),
      { name: phrases.total, value: money(invoice.total) },
      ...prepaidFacts(invoice, { language, phrases, money }),
    ],
    notes: invoice.taxes.flatMap(({ reason }) => (reason === undefined ? [] : [reason.text])),
    payment: paymentLines(account.seller, account.paymentTerms),
    founded: foundedFacts(invoice.completeness, phrases, language),
    check: { title: phrases.check, texts: [phrases.checked, phrases.sequence] },
    seals: told([
      ...pins.bookDigests.map((digest) => [phrases.book, digest] as const),
      [phrases.stored, utc(pins.watermark)],
      [phrases.utc, `${utc(invoice.period.start)} – ${utc(invoice.period.end)}`],
      [phrases.zones, `tzdata ${invoice.tzVersion}`],
      [phrases.engine, pins.engine],
      [phrases.rounding, phrases.roundings[invoice.rounding]],
      [phrases.taxRounding, invoice.taxRounding && phrases.roundings[invoice.taxRounding]],
    ]),
  };
}

const told = (facts: Said): Fact[] =>
  facts.flatMap(([name, value]) => (value === undefined || value === "" ? [] : [{ name, value }]));

function partyLines(party: Party | undefined, { vatId, taxNumber }: Phrases): string[] {
  if (party === undefined) return [];
  const { name, address } = party;
  return [
    name,
    ...address.lines,
    `${address.postcode} ${address.city}`,
    ...(address.region === undefined ? [] : [address.region]),
    address.country,
    ...(party.vatId === undefined ? [] : [`${vatId} ${party.vatId}`]),
    ...(party.taxNumber === undefined ? [] : [`${taxNumber} ${party.taxNumber}`]),
    ...(party.registration === undefined ? [] : [party.registration.id]),
  ];
}

function foundedFacts(completeness: Completeness | undefined, phrases: Phrases, language: Language): Fact[] {
  if (completeness === undefined) return [];
  const { observedMs, inferredMs, resources, unreconciled, watched } = completeness;
  const figure = (value: number): string => localDigits(String(value), language);
  const percent = (part: bigint, whole: bigint): string => `${localDigits(partPercent(part, whole), language)}\u00a0%`;
  const evidence = { readings: 0, observedMs: Number(observedMs), inferredMs: Number(inferredMs) };
  return [
    {
      name: phrases.charged,
      value: `${localDigits(seen(evidence), language)} ${phrases.seen}, ${localDigits(inferred(evidence), language)} ${phrases.inferred}`,
    },
    {
      name: phrases.resources,
      value: `${figure(resources)}${unreconciled === 0 ? "" : `, ${figure(unreconciled)} ${phrases.unconfirmed}`}`,
    },
    ...watched.map(({ region, source, agents, silent, expectedMs, seenMs }) => ({
      name: `${source}, ${region}`,
      value: `${percent(seenMs, expectedMs)} ${phrases.expected} (${phrases.agents}: ${figure(agents)}${silent === 0 ? "" : `, ${phrases.silent}: ${figure(silent)}`})`,
    })),
  ];
}

const paymentLines = (seller: Party | undefined, terms: string | undefined): string[] => [
  ...(seller?.bank === undefined
    ? []
    : [
        [seller.bank.holder, `IBAN ${seller.bank.iban}`, seller.bank.bic]
          .filter((part) => part !== undefined)
          .join(", "),
      ]),
  ...(terms === undefined ? [] : [terms]),
];

interface Voice {
  readonly language: Language;
  readonly phrases: Phrases;
  readonly money: (minor: bigint) => string;
}

const taxFact = ({ category, rate, net, tax }: TaxGroup, { language, phrases, money }: Voice): Fact => ({
  name:
    compare(rate, ZERO) === 0 && category !== "Z"
      ? `${phrases.untaxed} (${category}) ${phrases.on} ${money(net)}`
      : `${phrases.tax} ${localDigits(price(rate), language)}\u00a0% ${phrases.on} ${money(net)}`,
  value: money(tax),
});

/** The whole tax once more, in the currency of the authority. */
const taxInFact = ({ taxIn, currency }: Invoice, { language, phrases }: Voice): Fact[] =>
  taxIn === undefined
    ? []
    : [
        {
          name: `${phrases.tax} (1 ${currency} = ${localDigits(price(taxIn.rate), language)} ${taxIn.currency})`,
          value: localMoney(taxIn.tax, taxIn.currency, language),
        },
      ];

/** What prepaid credit pays, and what is then left: said only where it pays something. */
const prepaidFacts = (invoice: Invoice, { phrases, money }: Voice): Fact[] =>
  invoice.prepaid === undefined
    ? []
    : [
        ...invoice.prepaid.map(({ credit, amount }) => ({
          name: `${phrases.prepaid} (${credit})`,
          value: money(-amount),
        })),
        { name: phrases.payable, value: money(payable(invoice)) },
      ];

interface LineVoice extends Voice {
  readonly currency: string;
  /** Whether the document has several projects, so that each line must say whose it is. */
  readonly several: boolean;
}

function sheetLine(line: InvoiceLine, voice: LineVoice): SheetLine {
  const { language, phrases, money, several } = voice;
  const figure = (digits: string): string => localDigits(digits, language);
  return {
    position: line.position,
    item: itemOf(line, { language, phrases }),
    sku: line.sku,
    details: [
      ...(several && line.project !== undefined ? [`${phrases.project} ${line.project}`] : []),
      ...(line.region === undefined ? [] : [`${phrases.region} ${line.region}`]),
      ...(line.resource === undefined
        ? line.resources > 1
          ? [`${figure(String(line.resources))} ${phrases.resources}`]
          : []
        : [line.resource]),
      ...(line.freeUnits === undefined ? [] : [`${figure(units(line.freeUnits))} ${line.unit} ${phrases.free}`]),
      ...(line.model === undefined ? [] : [phrases[line.model]]),
      ...(line.share === undefined
        ? []
        : [
            `${figure(units(times(line.share, HUNDRED)))} % ${line.region === undefined ? phrases.shared : phrases.together}`,
          ]),
      ...(line.capped === undefined ? [] : [`${phrases.capped} ${figure(price(line.capped))} ${voice.currency}`]),
    ],
    ...(line.kind === undefined ? { evidence: evidenceOf(line, phrases, language) } : {}),
    quantity: figure(units(line.units)),
    unit: unitOf(line, phrases),
    prices: line.kind === undefined || line.kind === "fee" ? pricesOf(line, voice) : [],
    amount: money(line.amount),
    minor: line.amount,
  };
}

const HUNDRED = rational(100n);

/** How much of a line was seen and how much was concluded: the first thing that a doubting reader asks. */
function evidenceOf({ evidence }: InvoiceLine, phrases: Phrases, language: Language): string {
  const readings = `${localDigits(String(evidence.readings), language)} ${phrases.readings}`;
  if (evidence.observedMs + evidence.inferredMs === 0) return readings;
  const share = (text: string, word: string): string => `${localDigits(text, language)} ${word}`;
  const concluded =
    evidence.inferredMs === 0
      ? ""
      : `, ${share(inferred(evidence), phrases.inferred)} (${duration(evidence.inferredMs)})`;
  return `${share(seen(evidence), phrases.seen)}${concluded}, ${readings}`;
}

function pricesOf({ tiers }: InvoiceLine, { language, phrases }: LineVoice): string[] {
  const figure = (digits: string): string => localDigits(digits, language);
  const [only] = tiers;
  if (only !== undefined && tiers.length === 1) return [figure(price(only.amount))];
  return tiers.map(
    (tier, index) =>
      `${index === 0 ? phrases.first : phrases.next} ${figure(units(tier.units))} ${phrases.at} ${figure(price(tier.amount))}`,
  );
}
