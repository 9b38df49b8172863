import { describe, expect, it } from "vitest";
import { type Language, localDigits } from "../language.ts";
import type { Held } from "./held.ts";
import { heldSentence } from "./sentence.ts";

/** Every code once: the compiler asks for the ones that are missing. */
const ALL: { readonly [Code in Held["code"]]: Extract<Held, { readonly code: Code }>["figures"] } = {
  unpriced: { meter: "volume.size", dimensions: { type: "ssd", az: "az1" }, count: 5, resources: ["vol-1", "vol-2"] },
  seen: { percent: "98.7", percentMin: "99.9" },
  silent: { agents: 1_234, agentsMax: 2 },
  unreconciled: { count: 1, countMax: 0, resources: ["vm-lost"] },
  "seller-missing": {},
  "buyer-missing": {},
  "tax-missing": {},
  "claimed-twice": { project: "acme", accounts: ["oaks", "elms", "firs"] },
  "book-missing": { book: "standard" },
  "currencies-differ": { book: "EUR", account: "CHF" },
  "month-open": {},
  "e-invoice": { rule: "BR-05", says: "a currency is named" },
  refused: { says: "its time was billed already" },
};

const every = Object.entries(ALL).map(([code, figures]) => ({ code, figures }) as Held);

describe.each<Language>(["en", "de", "es", "fr"])("in %s", (language) => {
  it.each(every)("says every figure of $code", (held) => {
    const sentence = heldSentence(held, language);

    const said = Object.entries(held.figures).flatMap(([name, figure]) => {
      if (name === "count" && "resources" in held.figures) return [];
      return typeof figure === "object" ? Object.entries(figure).flatMap(namedOf) : [localised(figure, language)];
    });
    for (const each of said) expect(sentence).toContain(each);
    expect(sentence).not.toMatch(/undefined|\[object/);
  });

  it("says of many resources how many were not named", () => {
    expect(heldSentence({ code: "unpriced", figures: ALL.unpriced }, language)).toMatch(/\(vol-1, vol-2 \S+ 3 /);
  });
});

it("says nothing in the words of another language, but for what another wrote", () => {
  for (const held of every.filter(({ code }) => code !== "refused")) {
    const sentences = (["en", "de", "es", "fr"] as const).map((language) => heldSentence(held, language));
    expect(new Set(sentences).size).toBe(4);
  }
});

const namedOf = ([name, value]: [string, unknown]): string[] =>
  /^\d+$/.test(name) ? [String(value)] : [`${name}=${value}`];

const localised = (figure: string | number, language: Language): string => localDigits(String(figure), language);
