import { existsSync, readFileSync, writeFileSync } from "node:fs";

/** What an import has finished with, so that the same command goes on where it was interrupted. */
export interface ProgressFile {
  isDone(step: string): boolean;
  done(step: string): void;
}

/** Kept for one source: another source starts from the beginning. Nothing is kept where no file is named. */
export function progressFile(path: string | undefined, source: string): ProgressFile {
  const kept = path !== undefined && existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Kept) : undefined;
  const steps = new Set(kept?.source === source ? kept.steps : []);
  return {
    isDone: (step) => steps.has(step),
    done(step) {
      steps.add(step);
      if (path !== undefined)
        writeFileSync(path, `${JSON.stringify({ source, steps: [...steps] })}\n`, { mode: 0o600 });
    },
  };
}

interface Kept {
  readonly source: string;
  readonly steps: readonly string[];
}
