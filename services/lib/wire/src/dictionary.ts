/** Gives every distinct thing a number, in the order in which they first come; the same batch is always the same bytes. */
export class Dictionary<Entry> {
  readonly entries: Entry[] = [];
  readonly #known = new Map<string, number>();

  /** `make` runs only for what is new. */
  number(key: string, make: () => Entry): number {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const number = this.entries.push(make()) - 1;
    this.#known.set(key, number);
    return number;
  }
}
