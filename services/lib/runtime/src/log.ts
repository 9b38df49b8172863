import { type DestinationStream, pino } from "pino";
import { masked } from "./mask.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** Facts in the past tense, with fields: `log.info("samples stored", { stored, duplicates })`. */
export interface Log {
  debug(fact: string, fields?: Fields): void;
  info(fact: string, fields?: Fields): void;
  warn(fact: string, fields?: Fields): void;
  error(fact: string, fields?: Fields): void;
  /** The same log, with these fields in every line. */
  with(fields: Fields): Log;
}

export const LEVELS = ["debug", "info", "warn", "error"] as const;
export type Level = (typeof LEVELS)[number];

/**
 * One line of JSON for each fact, on standard error: standard output belongs to what a program was asked for. Nothing that
 * looks like a secret is written, see `mask.ts`.
 */
export function jsonLog(process: string, level: Level = "info", to?: DestinationStream): Log {
  const options = {
    base: { process },
    level,
    timestamp: (): string => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return over(pino(options, to ?? pino.destination({ dest: 2, sync: true })), {});
}

type Writer = Pick<ReturnType<typeof pino>, Level>;

const over = (writer: Writer, always: Fields): Log => {
  const write =
    (level: Level) =>
    (fact: string, fields: Fields = {}): void =>
      writer[level](masked({ ...always, ...fields }), fact);
  return {
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
    with: (fields) => over(writer, { ...always, ...fields }),
  };
};

/** For callers that have nobody to tell, and for tests. */
export const silentLog: Log = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  with: () => silentLog,
};
