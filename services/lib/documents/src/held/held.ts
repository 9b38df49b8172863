/** What keeps an invoice from being issued, and the figures of it: programs read these, people a sentence in their language. */
export interface HeldFigures {
  /** No price names it; of many resources the first few. */
  readonly unpriced: {
    readonly meter: string;
    readonly dimensions: Readonly<Record<string, string>>;
    readonly count: number;
    readonly resources: readonly string[];
  };
  /** Per cent of the charged time, and what the account asks for. */
  readonly seen: { readonly percent: string; readonly percentMin: string };
  readonly silent: { readonly agents: number; readonly agentsMax: number };
  /** Resources whose end nobody confirmed; of many the first few. */
  readonly unreconciled: {
    readonly count: number;
    readonly countMax: number;
    readonly resources: readonly string[];
  };
  readonly "seller-missing": NoFigures;
  readonly "buyer-missing": NoFigures;
  readonly "tax-missing": NoFigures;
  readonly "claimed-twice": { readonly project: string; readonly accounts: readonly string[] };
  readonly "book-missing": { readonly book: string };
  readonly "currencies-differ": { readonly book: string; readonly account: string };
  readonly "month-open": NoFigures;
  /** A rule of EN 16931 or of Peppol, which nobody has translated. */
  readonly "e-invoice": { readonly rule: string; readonly says: string };
  /** The ledger would not write it, and said why. */
  readonly refused: { readonly says: string };
}

type NoFigures = Readonly<Record<never, never>>;

export type HeldCode = keyof HeldFigures;

export type Held = {
  readonly [Code in HeldCode]: { readonly code: Code; readonly figures: HeldFigures[Code] };
}[HeldCode];

/** How a language says each; `figure` writes digits as its readers do. */
export type HeldSentences = {
  readonly [Code in HeldCode]: (figures: HeldFigures[Code], figure: Figure) => string;
};

export type Figure = (digits: string | number) => string;
