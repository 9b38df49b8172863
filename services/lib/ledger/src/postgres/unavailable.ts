import { type Ledger, LedgerUnavailable } from "../ledger.ts";

type Calls = Omit<Ledger, typeof Symbol.asyncDispose>;

/** The same ledger, whose every call says `LedgerUnavailable` where the database could not be reached. */
export const reachable = (ledger: Calls): Calls => ({
  publish: (book, validFrom) => naming(() => ledger.publish(book, validFrom)),
  books: () => naming(() => ledger.books()),
  bookAt: (name, moment, knownAt) => naming(() => ledger.bookAt(name, moment, knownAt)),
  bookByDigest: (digest) => naming(() => ledger.bookByDigest(digest)),
  recordAccount: (account, validFrom, over) => naming(() => ledger.recordAccount(account, validFrom, over)),
  accounts: (scope) => naming(() => ledger.accounts(scope)),
  accountByDigest: (digest) => naming(() => ledger.accountByDigest(digest)),
  place: (placement, over) => naming(() => ledger.place(placement, over)),
  placements: () => naming(() => ledger.placements()),
  recordEvent: (event) => naming(() => ledger.recordEvent(event)),
  events: (number, scope) => naming(() => ledger.events(number, scope)),
  recordNil: (nil) => naming(() => ledger.recordNil(nil)),
  nils: (period) => naming(() => ledger.nils(period)),
  issue: (draft) => naming(() => ledger.issue(draft)),
  issueAll: (drafts) => naming(() => ledger.issueAll(drafts)),
  invoices: (query, scope) => naming(() => ledger.invoices(query, scope)),
  bills: (period, scope) => naming(() => ledger.bills(period, scope)),
  invoice: (number, scope) => naming(() => ledger.invoice(number, scope)),
  usages: (number, position, scope) => naming(() => ledger.usages(number, position, scope)),
  grant: (caller) => naming(() => ledger.grant(caller)),
  caller: (token) => naming(() => ledger.caller(token)),
  revoke: (name) => naming(() => ledger.revoke(name)),
  lease: (name, holder, seconds) => naming(() => ledger.lease(name, holder, seconds)),
  audit: (entry) => naming(() => ledger.audit(entry)),
  audited: (query) => naming(() => ledger.audited(query)),
  beginWrite: (write) => naming(() => ledger.beginWrite(write)),
  finishWrite: (write, answer) => naming(() => ledger.finishWrite(write, answer)),
  setBudget: (budget, over) => naming(() => ledger.setBudget(budget, over)),
  dropBudget: (name, over) => naming(() => ledger.dropBudget(name, over)),
  budgets: (scope) => naming(() => ledger.budgets(scope)),
  raiseNotices: (notices) => naming(() => ledger.raiseNotices(notices)),
  dueNotices: (now, limit) => naming(() => ledger.dueNotices(now, limit)),
  settleNotice: (sequence, settled) => naming(() => ledger.settleNotice(sequence, settled)),
  notices: (scope) => naming(() => ledger.notices(scope)),
  replayNotice: (sequence) => naming(() => ledger.replayNotice(sequence)),
  propose: (proposal) => naming(() => ledger.propose(proposal)),
  proposals: (query) => naming(() => ledger.proposals(query)),
  proposal: (sequence) => naming(() => ledger.proposal(sequence)),
  rejectProposal: (sequence, rejection) => naming(() => ledger.rejectProposal(sequence, rejection)),
  grantCredit: (credit, by) => naming(() => ledger.grantCredit(credit, by)),
  credits: (query, scope) => naming(() => ledger.credits(query, scope)),
  creditEntries: (credit, scope) => naming(() => ledger.creditEntries(credit, scope)),
  withdrawCredit: (withdrawal, over) => naming(() => ledger.withdrawCredit(withdrawal, over)),
  retireAgent: (retirement) => naming(() => ledger.retireAgent(retirement)),
  retirements: () => naming(() => ledger.retirements()),
  ratingRecords: () => naming(() => ledger.ratingRecords()),
  addRatingRecords: (after, records) => naming(() => ledger.addRatingRecords(after, records)),
  keepPoints: (points) => naming(() => ledger.keepPoints(points)),
  points: (query, page, scope) => naming(() => ledger.points(query, page, scope)),
  pointSums: (query, by, scope) => naming(() => ledger.pointSums(query, by, scope)),
  pointProjects: (scope) => naming(() => ledger.pointProjects(scope)),
});

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
