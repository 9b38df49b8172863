/** JSON whose numbers are the texts that they were sent as: `8.0` is not `8`, and 0.1 stays a tenth. Throws SyntaxError. */
export const exactJson = (text: string): unknown => JSON.parse(text, exact as (key: string, value: unknown) => unknown);

const exact = (_key: string, value: unknown, context: { readonly source?: string }): unknown =>
  typeof value === "number" ? new ExactNumber(context.source ?? String(value)) : value;

/** A number as it was written. */
export class ExactNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toJSON(): unknown {
    return Number(this.text);
  }
}

/** Digits as a JSON number, so that no float comes between the amount and whoever reads it. */
export const jsonNumber = (digits: string): unknown => RAW.rawJSON(digits);

/** Known to Node since 21, not yet to the compiler's own library. */
const RAW = JSON as typeof JSON & { rawJSON(text: string): unknown };
