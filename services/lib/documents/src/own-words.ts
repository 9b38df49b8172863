import { type Adjusting, type InvoiceLine, parseDecimal } from "@raingauge/domain";
import { type Language, localDay, localDigits } from "./language.ts";
import type { Phrases } from "./phrases/phrases.ts";
import { price } from "./words.ts";

interface Voice {
  readonly language: Language;
  readonly phrases: Phrases;
}

/**
 * What a line says that the bill itself added to others. It is on the document in English, for ever; its reader is told it in
 * the account's language. What a price book or a person wrote stays as it was written.
 */
export function itemOf({ description, kind, of, sku }: ItemLine, voice: Voice): string {
  const adjusting: Adjusting | undefined = kind === "correction" ? of : kind;
  switch (adjusting) {
    case "minimum":
      return minimum(description, voice);
    case "discount":
      return discount(description, sku, voice);
    case "fee":
      return fee(description, voice);
    case "credit":
      return description.replace(/^Credit\b/, voice.phrases.credit);
    case undefined:
      return agreed(description, voice.phrases);
  }
}

type ItemLine = Pick<InvoiceLine, "description" | "sku" | "kind"> & { readonly of?: Adjusting };

const minimum = (description: string, { phrases, language }: Voice): string =>
  description.replace(
    /^Up to the minimum of (-?[\d.]+) (\w+)$/,
    (_, digits: string, currency: string) => `${phrases.upToMinimum} ${localDigits(digits, language)}\u00a0${currency}`,
  );

function discount(description: string, sku: string, { phrases, language }: Voice): string {
  const [, digits, unit, whole, on] = /^([\d.]+) (\S+)( for the account)? off (.*)$/su.exec(description) ?? [];
  if (digits === undefined || on === undefined) return description;
  const off = `${localDigits(price(parseDecimal(digits)), language)}\u00a0${unit}`;
  const target = sku === "discount" && on === "everything" ? phrases.everything : agreed(on, phrases);
  return `${off} ${phrases.off} ${target}${whole === undefined ? "" : `, ${phrases.forAccount}`}`;
}

function fee(description: string, { phrases, language }: Voice): string {
  const [, name, from, to] = /^(.*), (\d{4}-\d\d-\d\d) to (\d{4}-\d\d-\d\d)$/su.exec(description) ?? [];
  if (name === undefined || from === undefined || to === undefined) return description;
  return `${agreed(name, phrases)}, ${localDay(from, language)} – ${localDay(to, language)}`;
}

const agreed = (description: string, { agreed: word }: Phrases): string =>
  description.replace(/, as agreed$/, `, ${word}`);

/** How long a fee's cycle is; other units are the price book's own words. */
export function unitOf({ unit, kind }: Pick<InvoiceLine, "unit" | "kind">, { month, months, year }: Phrases): string {
  if (kind !== "fee") return unit;
  if (unit === "month") return month;
  if (unit === "year") return year;
  return unit.replace(/^(\d+) months$/, `$1 ${months}`);
}

/** Why a correction was written, where nobody but the bill said why. */
export function causeOf(reason: string | undefined, { causes, known, and }: Phrases): string | undefined {
  const [, told] = /^(.*) that became known after issue$/u.exec(reason ?? "") ?? [];
  const named = told?.split(" and ").map((cause) => CAUSES.find((each) => each === cause));
  if (named === undefined || named.includes(undefined)) return reason;
  const words = named.flatMap((cause) => (cause === undefined ? [] : [causes[cause]]));
  return known.replace("…", words.join(` ${and} `));
}

const CAUSES = ["readings", "prices", "terms of the account"] as const;
export type Cause = (typeof CAUSES)[number];
