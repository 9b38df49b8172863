/**
 * So many pieces of work at a time, each begun in the order of asking. Once one has failed nothing more is begun, and whoever asks
 * hears why; `changed` is called whenever a piece has ended, for whoever waits for something else meanwhile.
 */
export class AtOnce {
  readonly #most: number;
  readonly #changed: () => void;
  readonly #running = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  constructor(most: number, changed: () => void) {
    this.#most = most;
    this.#changed = changed;
  }

  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** Resolves once there is room for another. */
  async begin(work: () => Promise<void>): Promise<void> {
    this.#refuse();
    const mine = work()
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        this.#running.delete(mine);
        this.#changed();
      });
    this.#running.add(mine);
    while (this.#running.size >= this.#most) await Promise.race(this.#running);
    this.#refuse();
  }

  /** Resolves once nothing is being done. */
  async end(): Promise<void> {
    await Promise.all(this.#running);
    this.#refuse();
  }

  /** The same, whatever failed. */
  async quiet(): Promise<void> {
    await Promise.all(this.#running);
  }

  #refuse(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
