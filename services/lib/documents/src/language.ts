import { minorDigits } from "@raingauge/domain";

/** The languages in which documents are written. */
export type Language = "en" | "de" | "es" | "fr";

/** The language of a BCP 47 tag; English for one that nobody has translated to. */
export const languageOf = (locale: string): Language =>
  LANGUAGES.find((each) => each === locale.toLowerCase().split(/[-_]/)[0]) ?? "en";

const LANGUAGES: readonly Language[] = ["en", "de", "es", "fr"];

interface Figures {
  readonly decimal: string;
  readonly group: string;
  /** From how many digits before the decimal sign on they are grouped. */
  readonly groupedFrom: number;
}

/** A table of our own: a figure on paper must not change with the release of a library. */
const FIGURES: Readonly<Record<Language, Figures>> = {
  en: { decimal: ".", group: ",", groupedFrom: 4 },
  de: { decimal: ",", group: ".", groupedFrom: 4 },
  es: { decimal: ",", group: ".", groupedFrom: 5 },
  fr: { decimal: ",", group: "\u202f", groupedFrom: 4 },
};

/** Decimal digits as the language writes them; whatever stands around them stays. */
export function localDigits(digits: string, language: Language): string {
  const { decimal, group, groupedFrom } = FIGURES[language];
  return digits.replace(/(\d+)(?:\.(\d+))?/, (_, whole: string, fraction: string | undefined) => {
    const groups = whole.length < groupedFrom ? whole : whole.replace(/\B(?=(\d{3})+$)/g, group);
    return fraction === undefined ? groups : `${groups}${decimal}${fraction}`;
  });
}

/** Minor units with their currency: `1.234,50 EUR`. A code, because many dollars share a sign. */
export function localMoney(minor: bigint, currency: string, language: Language): string {
  const places = minorDigits(currency);
  const digits = (minor < 0n ? -minor : minor).toString().padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  const text = places === 0 ? whole : `${whole}.${digits.slice(digits.length - places)}`;
  return `${minor < 0n ? "−" : ""}${localDigits(text, language)}\u00a0${currency}`;
}

const MONTHS: Readonly<Record<Language, string>> = {
  en: "January February March April May June July August September October November December",
  de: "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
  es: "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
  fr: "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
};

/** A calendar day, `2026-04-01`, in words. */
export function localDay(day: string, language: Language): string {
  const [year = "", month = "", date = ""] = day.split("-");
  const name = MONTHS[language].split(" ")[Number(month) - 1] ?? month;
  switch (language) {
    case "en":
      return `${Number(date)} ${name} ${year}`;
    case "de":
      return `${Number(date)}. ${name} ${year}`;
    case "es":
      return `${Number(date)} de ${name} de ${year}`;
    case "fr":
      return `${date === "01" ? "1er" : Number(date)} ${name} ${year}`;
  }
}
