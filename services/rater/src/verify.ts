import { type Account, EVERYTHING, type IssuedInvoice, projects, type Scope } from "@raingauge/domain";
import { type Ledger, numberOf } from "@raingauge/ledger";
import { HoursFrozen, type SampleStore } from "@raingauge/store";
import { accountDigest, documentHash, encodeCredit, priceBookDigest, usageDigest } from "@raingauge/wire";
import { compareDraft, type Finding } from "./compare.ts";
import { ENGINE, ENGINES } from "./draft.ts";
import { forgedReadings } from "./forged.ts";
import { measured } from "./parts.ts";
import { type Frozen, frozenUsages, type Pinned, type PinnedSources, pinnedOf, redraft } from "./redraft.ts";

export interface VerifySources {
  readonly store: Pick<SampleStore, "measure" | "series">;
  readonly ledger: PinnedSources["ledger"] & Pick<Ledger, "usages">;
}

/** One of the two levels: nothing found means that it came out the same to the byte. */
export interface Level {
  readonly passed: boolean;
  readonly findings: readonly Finding[];
  /** Why nothing was compared: retention removed the readings. That is no finding, and no proof either. */
  readonly gone?: string;
}

export interface Verification {
  readonly number: string;
  readonly passed: boolean;
  /** The document, its seal and its place in the chain; and the whole sum again from the usages frozen with it. */
  readonly frozen: Level;
  /** The usages again from the readings as they were known at issue. A reading that came later is not seen. */
  readonly readings: Level;
}

/** Computes an issued invoice again, twice. Undefined if there is none of that number that the caller may see. */
export async function verify(sources: VerifySources, number: string, scope: Scope): Promise<Verification | undefined> {
  const issued = await sources.ledger.invoice(number, scope);
  if (issued === undefined) return undefined;
  const pinned = await pinnedOf(sources.ledger, issued);
  const frozen = await frozenUsages(sources.ledger, issued);
  const levels = {
    frozen: level([...(await sealFindings(sources.ledger, issued)), ...frozenFindings(issued, pinned, frozen)]),
    readings: await readingsLevel(sources.store, issued, pinned, frozen),
  };
  return { number, passed: levels.frozen.passed && levels.readings.passed, ...levels };
}

const level = (findings: readonly Finding[]): Level => ({ passed: findings.length === 0, findings });

async function sealFindings(ledger: VerifySources["ledger"], issued: IssuedInvoice): Promise<Finding[]> {
  const findings: Finding[] = [];
  if (documentHash(issued) !== issued.hash)
    findings.push({ check: "seal", sentence: "the document does not have the hash that it was sealed with" });
  const before = await hashBefore(ledger, issued);
  if (before !== issued.previousHash)
    findings.push({ check: "chain", sentence: "the document before it is not the one that it was chained to" });
  if (!ENGINES.includes(issued.pins.engine))
    findings.push({ check: "engine", sentence: `issued by ${issued.pins.engine}, checked by ${ENGINE}` });
  return findings;
}

/** Empty before the first; undefined where a document is missing. The one before may be anybody's: only its hash is used. */
async function hashBefore(
  ledger: VerifySources["ledger"],
  { series, sequence }: IssuedInvoice,
): Promise<string | undefined> {
  if (sequence === 1n) return "";
  const previous = await ledger.invoice(numberOf({ series, sequence: sequence - 1n }), EVERYTHING);
  return previous === undefined ? undefined : documentHash(previous);
}

function frozenFindings(issued: IssuedInvoice, pinned: Pinned, frozen: Frozen): Finding[] {
  const again = redraft(issued, pinned, [...frozen.values()].flat());
  return [
    ...pinnedFindings(issued, pinned),
    ...digestFindings(issued, frozen),
    ...(again === undefined ? undone(issued) : compareDraft(issued, again, frozen)),
  ];
}

function pinnedFindings({ pins, invoice }: IssuedInvoice, { published, bill, credits }: Pinned): Finding[] {
  const [{ name, version } = { name: "", version: "" }] = invoice.books;
  const findings: Finding[] = [];
  if (published === undefined)
    findings.push({ check: "book", sentence: `price book ${name} ${version} is not there any more` });
  else if (priceBookDigest(published.book) !== pins.bookDigests[0])
    findings.push({ check: "book", sentence: `price book ${name} ${version} is not what it was at issue` });
  if (bill === undefined)
    findings.push({ check: "account", sentence: `account ${invoice.account.id} is not there as it was at issue` });
  else if (pins.accountDigest !== undefined && accountDigest(bill.account as Account) !== pins.accountDigest)
    findings.push({ check: "account", sentence: `account ${invoice.account.id} is not what it was at issue` });
  for (const { left: _, ...pinned } of pins.credits ?? []) {
    const granted = credits.find(({ id }) => id === pinned.id);
    if (granted === undefined || encodeCredit(granted) !== encodeCredit(pinned))
      findings.push({ check: "credit", sentence: `credit ${pinned.id} is not what it was at issue` });
  }
  return findings;
}

function digestFindings({ invoice, usageDigests, freeDigest }: IssuedInvoice, frozen: Frozen): Finding[] {
  const expected = new Map([
    [0, freeDigest],
    ...invoice.lines.map(({ position }, index) => [position, usageDigests[index] ?? ""] as const),
  ]);
  return [...expected.entries()]
    .filter(([position, digest]) => usageDigest(frozen.get(position) ?? []) !== digest)
    .map(([position]) =>
      position === 0
        ? { check: "usage", sentence: "the usages that were not charged are not what they were at issue" }
        : {
            check: "usage",
            line: position,
            sentence: `the usages behind line ${position} are not what they were at issue`,
          },
    );
}

async function readingsLevel(...asked: Parameters<typeof readingFindings>): Promise<Level> {
  try {
    return level(await readingFindings(...asked));
  } catch (error) {
    if (!(error instanceof HoursFrozen)) throw error;
    return { ...level([]), gone: error.message };
  }
}

async function readingFindings(
  store: VerifySources["store"],
  issued: IssuedInvoice,
  pinned: Pinned,
  frozen: Frozen,
): Promise<Finding[]> {
  const usagesOf = await measured(store, [issued.invoice], projects(...projectIds(issued)), issued.pins.watermark);
  const again = redraft(issued, pinned, usagesOf(issued.invoice));
  const forged = await forgedReadings(store, issued, frozen);
  return again === undefined
    ? [...pinnedFindings(issued, pinned), ...undone(issued), ...forged]
    : [...compareDraft(issued, again, frozen), ...forged];
}

const projectIds = ({ invoice }: IssuedInvoice): string[] => invoice.projects.map(({ id }) => id);

/** A correction of which nothing comes out. */
const undone = ({ invoice }: IssuedInvoice): Finding[] =>
  invoice.corrects === undefined ? [] : [{ check: "line", sentence: "there is nothing to correct any more" }];
