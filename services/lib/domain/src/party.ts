/** Somebody who sells or buys, as the law wants them named on an invoice. */
export interface Party {
  readonly name: string;
  readonly address: Address;
  /** With its country's prefix: `DE123456789`. */
  readonly vatId?: string;
  /** A tax number that is no VAT identifier. */
  readonly taxNumber?: string;
  /** Of the company's register, with its scheme of ISO 6523 where it has one. */
  readonly registration?: Identifier;
  /** Where electronic invoices are sent: a scheme of the EAS list, and the address in it. */
  readonly endpoint?: Identifier;
  readonly contact?: { readonly name?: string; readonly phone?: string; readonly email?: string };
  /** A seller's, to be paid into. */
  readonly bank?: { readonly iban: string; readonly bic?: string; readonly holder?: string };
}

export interface Address {
  /** At most three: that is what an electronic invoice has room for. */
  readonly lines: readonly string[];
  readonly city: string;
  readonly postcode: string;
  readonly region?: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

export interface Identifier {
  readonly id: string;
  readonly scheme?: string;
}
