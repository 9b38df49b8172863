/** Tells on standard error how far a long piece of work is. Standard output belongs to its result. */
export interface Progress {
  /** A step has begun; stays to be read. */
  step(text: string): void;
  /** Where it stands just now: a line that replaces itself where somebody is watching, nothing elsewhere. */
  now(text: string): void;
}

export function progress(): Progress {
  const began = performance.now();
  const watched = process.stderr.isTTY;
  const clear = watched ? "\r\u001b[K" : "";
  return {
    step: (text) =>
      process.stderr.write(`${clear}${((performance.now() - began) / 1_000).toFixed(1).padStart(5)} s  ${text}\n`),
    now: (text) => void (watched && process.stderr.write(`${clear}         ${text}`)),
  };
}
