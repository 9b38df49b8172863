import { flushCompileCache } from "node:module";
import { ConfigError, type Environment, PREFIX } from "./config.ts";
import { jsonLog, LEVELS, type Level, type Log } from "./log.ts";

export interface Tools {
  readonly log: Log;
  /** Aborts when the process is asked to end: stop taking new work, settle what is in hand, return. */
  readonly signal: AbortSignal;
}

export const EXIT_FAILED = 1;
export const EXIT_CONFIG = 2;

/** Shorter than the 30 seconds that service managers wait before they kill. */
const DRAIN_SECONDS = 25;

/**
 * What the `main.ts` of every process does: reads the environment, hears signals, and says how it ended. SIGINT or SIGTERM
 * asks it to end, a second one kills it. Exit code 0 after an orderly end, 2 with the whole list for a configuration that
 * is wrong, 1 for a failure.
 */
export async function run<C>(
  name: string,
  config: (env: Environment) => C,
  start: (config: C, tools: Tools) => Promise<void>,
): Promise<void> {
  // biome-ignore lint/style/noProcessEnv: this is the one place from which every process is given its environment
  const env: Environment = process.env;
  const log = jsonLog(name, level(env));
  // Node writes down what it compiled when it ends in good order. One that is killed, again and again, would compile anew each time.
  flushCompileCache();
  const stop = new AbortController();
  const ask = (by: NodeJS.Signals): void => ended(by, stop, log);
  process.once("SIGINT", ask).once("SIGTERM", ask);
  try {
    await start(config(env), { log, signal: stop.signal });
    log.info("process stopped");
    process.exitCode ??= 0;
  } catch (error) {
    process.exitCode = failed(error, log);
  } finally {
    process.off("SIGINT", ask).off("SIGTERM", ask);
    exitSoon(log);
  }
}

/** Asked once: drain. The handlers go, so that a second signal does what signals do. */
function ended(by: NodeJS.Signals, stop: AbortController, log: Log): void {
  log.info("process asked to stop", { signal: by });
  process.removeAllListeners("SIGINT").removeAllListeners("SIGTERM");
  stop.abort();
  const late = (): void => {
    log.error("process did not stop in time", { seconds: DRAIN_SECONDS });
    process.exit(EXIT_FAILED);
  };
  setTimeout(late, DRAIN_SECONDS * 1_000).unref();
}

function failed(error: unknown, log: Log): number {
  if (error instanceof ConfigError) {
    log.error("configuration refused", { problems: error.problems });
    return EXIT_CONFIG;
  }
  log.error("process failed", { error });
  return EXIT_FAILED;
}

/** Something left open must not keep a finished process in the list of running ones. */
function exitSoon(log: Log): void {
  const left = (): void => {
    log.warn("process ended with something left open");
    process.exit();
  };
  setTimeout(left, 2_000).unref();
}

/** `RAINGAUGE_LOG_LEVEL`: debug, info, warn or error. Anything else is info, so that a slip silences nobody. */
const level = (env: Environment): Level => LEVELS.find((each) => each === env[`${PREFIX}LOG_LEVEL`]) ?? "info";
