import type { LineView } from "@raingauge/wire";

/** What the API answers to why, as far as people are told of it. */
export interface WhyAnswer {
  readonly number: string;
  readonly currency: string;
  readonly line: LineView;
  readonly rule: {
    readonly sku: string;
    readonly book: { readonly name: string; readonly version: string };
    readonly arithmetic: string;
  };
  readonly change?: {
    readonly billed: readonly {
      readonly number: string;
      readonly position: number;
      readonly amount: string;
      readonly arithmetic: string;
    }[];
    readonly due?: string;
    readonly since: string;
    readonly gone: readonly Used[];
  };
  readonly usages: { readonly count: number; readonly digest: string; readonly items: readonly UsageAnswer[] };
}

interface Used {
  readonly resource: string;
  readonly quantity: string;
  readonly unit: string;
}

interface UsageAnswer {
  readonly usage: Used;
  readonly sentence: string;
  readonly before?: string;
  readonly readings: Level<ReadingAnswer>;
  readonly late?: Level<ReadingAnswer>;
  readonly messages: Level<string>;
  readonly notifications: Level<{ readonly id: string; readonly type: string; readonly at: string }>;
}

interface Level<T> {
  readonly count: number;
  readonly digest: string;
  readonly items: readonly T[];
}

interface ReadingAnswer {
  readonly at: string;
  readonly value: string;
  readonly source: string;
  readonly stance: string;
  readonly message: string;
}

const READINGS_SHOWN = 12;

/** A line's reasons as they are read aloud: the sum, what was used, the readings, the messages. */
export function whyText({ number, currency, line, rule, change, usages }: WhyAnswer): string {
  const changed = usages.items.filter(isChanged);
  const told = change === undefined ? usages.items : changed;
  return [
    `${change === undefined ? "Invoice" : "Correction"} ${number}, line ${line.position}: ${line.description}, ${line.amount} ${currency}`,
    `  price ${rule.sku} of book ${rule.book.name} ${rule.book.version}`,
    `  ${rule.arithmetic}`,
    ...(change === undefined ? [] : changeLines(change, currency)),
    `  ${usages.count} usage(s), digest ${usages.digest}`,
    ...(change === undefined
      ? []
      : [`  of the ${usages.items.length} shown here ${changed.length} were billed otherwise before`]),
    ...told.flatMap(usageLines),
  ].join("\n");
}

const isChanged = ({ before, usage }: UsageAnswer): boolean => before !== usage.quantity;

function changeLines({ billed, due, since, gone }: NonNullable<WhyAnswer["change"]>, currency: string): string[] {
  return [
    ...billed.map(
      ({ number, position, amount, arithmetic }) =>
        `  billed by ${number}, line ${position}: ${amount} ${currency} (${arithmetic})`,
    ),
    ...(billed.length === 0 ? ["  billed by nothing before"] : []),
    `  due now: ${due ?? "nothing"}`,
    `  known before was what had been stored by ${since}`,
    ...gone.map(
      ({ resource, quantity, unit }) => `  ${resource}: ${quantity} ${unit} were billed, and nothing of it is left`,
    ),
  ];
}

function usageLines({ usage, sentence, before, readings, late, messages, notifications }: UsageAnswer): string[] {
  const isLate = new Set(late?.items.map(identity));
  return [
    `  ${usage.resource}`,
    `    ${sentence}`,
    ...(late === undefined
      ? []
      : [
          `    billed before: ${before === undefined ? "nothing" : `${before} ${usage.unit}`}; ${late.count} reading(s) became known since`,
        ]),
    `    ${readings.count} reading(s), digest ${readings.digest}`,
    ...shownFirst(readings.items, isLate).map(
      (reading) =>
        `    ${isLate.has(identity(reading)) ? "+" : " "} ${reading.at}  ${reading.value}  ${reading.source} ${reading.stance}  message ${reading.message}`,
    ),
    ...(readings.count > READINGS_SHOWN
      ? [`      … and ${readings.count - READINGS_SHOWN} more (--json shows them)`]
      : []),
    `    ${messages.count} message(s), digest ${messages.digest}`,
    ...notifications.items.slice(-NOTIFICATIONS_SHOWN).map(({ id, type, at }) => `      ${at}  ${type}  ${id}`),
  ];
}

const NOTIFICATIONS_SHOWN = 4;

/** What is news is shown in any case; else the first of them. */
const shownFirst = (readings: readonly ReadingAnswer[], isLate: ReadonlySet<string>): readonly ReadingAnswer[] => {
  const late = readings.filter((reading) => isLate.has(identity(reading)));
  const known = readings.filter((reading) => !isLate.has(identity(reading)));
  const first = known.slice(0, Math.max(0, READINGS_SHOWN - late.length));
  return [...first, ...late.slice(0, READINGS_SHOWN)].toSorted((a, b) => (a.at < b.at ? -1 : 1));
};

const identity = ({ at, message, stance }: ReadingAnswer): string => JSON.stringify([at, message, stance]);
