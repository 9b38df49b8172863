import { expect, it } from "vitest";
import { type Language, languageOf, localDay, localDigits, localMoney } from "./language.ts";

it.each<[string, Language]>([
  ["de-DE", "de"],
  ["FR_ca", "fr"],
  ["es", "es"],
  ["en-GB", "en"],
  ["tlh", "en"],
])("writes %s in %s", (locale, language) => {
  expect(languageOf(locale)).toBe(language);
});

it.each<[Language, string]>([
  ["en", "en-GB"],
  ["de", "de-DE"],
  ["es", "es-ES"],
  ["fr", "fr-FR"],
])("writes figures and days in %s as its readers do", (language, locale) => {
  const figures = new Intl.NumberFormat(locale, { minimumFractionDigits: 2 });
  const days = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" });

  for (const digits of ["0.05", "999.00", "1234.50", "12345.67", "1234567.89"])
    expect(localDigits(digits, language)).toBe(figures.format(Number(digits)));
  for (const day of ["2026-03-02", "2026-08-31", "2026-12-09"])
    expect(localDay(day, language)).toBe(days.format(new Date(`${day}T00:00:00Z`)));
});

it("writes the first of a month in French as nobody but the French do", () => {
  expect(localDay("2026-03-01", "fr")).toBe("1er mars 2026");
});

it("keeps every digit of an amount that a float would lose", () => {
  expect(localMoney(-12_345_678_901_234_567_890n, "EUR", "de")).toBe("−123.456.789.012.345.678,90\u00a0EUR");
  expect(localMoney(5n, "KWD", "en")).toBe("0.005\u00a0KWD");
  expect(localMoney(1_234n, "JPY", "en")).toBe("1,234\u00a0JPY");
});
