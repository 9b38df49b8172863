import { type Language, localDigits } from "../language.ts";
import { DE } from "./de.ts";
import { EN } from "./en.ts";
import { ES } from "./es.ts";
import { FR } from "./fr.ts";
import type { Held, HeldCode, HeldFigures, HeldSentences } from "./held.ts";

const SENTENCES: Readonly<Record<Language, HeldSentences>> = { en: EN, de: DE, es: ES, fr: FR };

/** Why an invoice is not issued, in words. */
export const heldSentence = ({ code, figures }: Held, language: Language): string =>
  said(SENTENCES[language], code, figures, (digits) => localDigits(String(digits), language));

/** Of each code the figures are its own, which `Held` guarantees and the compiler loses with the lookup. */
const said = <Code extends HeldCode>(
  sentences: HeldSentences,
  code: Code,
  figures: Held["figures"],
  figure: (digits: string | number) => string,
): string => sentences[code](figures as HeldFigures[Code], figure);
