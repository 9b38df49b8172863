/** What whoever asks should know of an answer besides its numbers; Grafana shows it at the panel. */
export interface Notices {
  /** Something is missing from the numbers, or will change them. */
  warn(text: string): void;
  /** How the numbers came about. */
  inform(text: string): void;
}

/** Each said once, in the order in which it came up. */
export function notices(): Notices & { told(): { readonly warnings: string[]; readonly infos: string[] } } {
  const warnings = new Set<string>();
  const infos = new Set<string>();
  return {
    warn: (text) => void warnings.add(text),
    inform: (text) => void infos.add(text),
    told: () => ({ warnings: [...warnings], infos: [...infos] }),
  };
}
