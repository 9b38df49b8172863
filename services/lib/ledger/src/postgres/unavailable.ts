import { LedgerUnavailable } from "../ledger.ts";

/**
 * The same calls, each of which says `LedgerUnavailable` where the database could not be reached. Whatever a call is given goes
 * through as it is: a list of arguments written out here would drop in silence the one that is added later.
 */
export const reachable = <C extends Calls>(calls: C): C =>
  Object.fromEntries(
    Object.entries(calls).map(([name, call]): [string, Call] => [name, (...given) => naming(() => call(...given))]),
    // In the place of each call stands one of the same arguments and the same answer.
  ) as C;

type Call = (...given: never[]) => Promise<unknown>;
type Calls = Readonly<Record<string, Call>>;

/** Runs a call and names the one failure that is expected. The driver's error stays out of it: it may hold the connection, and that holds the password. */
export async function naming<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const reason = outage(error);
    if (reason === undefined) throw error;
    throw new LedgerUnavailable(`the ledger's database does not answer: ${reason}`);
  }
}

/** Why the database cannot be reached now, or undefined for any other error. */
function outage(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const passes =
    NETWORK.has(code) || PASSING_STATES.some((state) => code.startsWith(state)) || BROKEN.test(error.message);
  return passes ? error.message || code : undefined;
}

const NETWORK: ReadonlySet<string> = new Set([
  "EAI_AGAIN",
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOENT",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
]);

/**
 * Of PostgreSQL's SQLSTATEs: connection exceptions, conflicts between transactions, a disk that is full, too many connections, a lock not granted
 * in time, idle for too long in a transaction, a server that goes down, crashed or comes up, and one that became a standby.
 */
const PASSING_STATES = ["08", "40", "53100", "53300", "55P03", "25P03", "57P01", "57P02", "57P03", "25006"];

/** What the driver says without a code when a connection breaks under a query or cannot be made. */
const BROKEN =
  /^Connection terminated|^timeout exceeded when trying to connect|^timeout expired|is not queryable$|connection error/;
