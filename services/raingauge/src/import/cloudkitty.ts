import { type Instant, instant, iso } from "@raingauge/domain";
import { answered, type Door, Refused, said, service } from "../client.ts";
import type { CloudKitty } from "./cloudkitty-source.ts";
import type { ProgressFile } from "./progress-file.ts";
import { fetched, posted, type Source } from "./source.ts";

export interface CloudKittyImport {
  readonly source: CloudKitty;
  readonly door: Door;
  /** Rated data of this time is taken over; only the rules where there is none. */
  readonly span?: { readonly begin: Instant; readonly end: Instant } | undefined;
  readonly dryRun: boolean;
  readonly progress: ProgressFile;
  readonly tell: (text: string) => void;
}

/** What was taken over, and whether both sides say the same of it afterwards. */
export interface CloudKittyReport {
  readonly dryRun: boolean;
  readonly rules: {
    readonly added: Readonly<Record<string, number>>;
    readonly known: number;
    readonly refused: readonly string[];
  };
  /** Scripts are listed, and not taken over: they are programs. */
  readonly scripts: readonly string[];
  readonly days: number;
  readonly points: number;
  /** By project and type, where the two summaries differ by more than 1e-9 of themselves. */
  readonly differences: readonly Difference[];
  readonly handover?: string;
}

interface Difference {
  readonly project: string;
  readonly type: string;
  readonly theirs: string;
  readonly ours: string;
}

/** Takes over a CloudKitty: its rules first, then what it rated, day by day. Doing it again changes nothing. */
export async function importCloudKitty(wanted: CloudKittyImport): Promise<CloudKittyReport> {
  const { source, door, span, dryRun } = wanted;
  if (span !== undefined && source.api === undefined)
    throw new Refused("what was rated is read from CloudKitty's API: leave --begin and --end, or name its address");
  const { scripts, unread, ...ruleSet } = await source.rules();
  const api = service(door);
  const rules = await answered(api.POST("/v1/cloudkitty/rules", { body: said({ ...ruleSet, dryRun }) }));
  const rated = span === undefined || source.api === undefined ? undefined : { ...wanted, span, api: source.api };
  const taken = rated === undefined ? { days: 0, points: 0 } : await frames(rated);
  const differences = rated === undefined || dryRun ? [] : await compared(rated.api, door, rated.span);
  if (span !== undefined && !dryRun)
    await answered(api.POST("/v1/cloudkitty/handover", { body: { until: iso(span.end) } }));
  return {
    dryRun,
    rules: { added: rules.added, known: rules.known, refused: [...unread, ...rules.refused] },
    scripts,
    ...taken,
    differences,
    ...(span === undefined || dryRun ? {} : { handover: iso(span.end) }),
  };
}

const DAY_MS = 86_400_000;
const PAGE = 1_000;

interface FramePage {
  readonly total: number;
  readonly dataframes: readonly { readonly usage: Readonly<Record<string, readonly unknown[]>> }[];
}

async function frames({ api, door, span, dryRun, progress, tell }: Rated) {
  let [days, points] = [0, 0];
  for (let begin = span.begin as number; begin < span.end; begin += DAY_MS) {
    const day = { begin: iso(begin as Instant), end: iso(Math.min(begin + DAY_MS, span.end) as Instant) };
    const step = `${day.begin}/${day.end}`;
    if (!dryRun && progress.isDone(step)) continue;
    days += 1;
    for (let offset = 0, total = 1; offset < total; offset += PAGE) {
      const page = await fetched<FramePage>(
        api,
        `/v2/dataframes?begin=${day.begin}&end=${day.end}&limit=${PAGE}&offset=${offset}`,
      );
      if (page === undefined) break;
      total = page.total;
      points += page.dataframes.flatMap(({ usage }) => Object.values(usage)).flat().length;
      if (!dryRun) await posted(facadeOf(door), "/v2/dataframes", { dataframes: page.dataframes });
      tell(`${day.begin.slice(0, 10)}: ${points} points`);
    }
    if (!dryRun) progress.done(step);
  }
  return { days, points };
}

/** An import of what was rated, too. */
type Rated = CloudKittyImport & { readonly span: Span; readonly api: Source };

interface Span {
  readonly begin: Instant;
  readonly end: Instant;
}

interface SummaryPage {
  readonly total: number;
  readonly results: readonly { readonly project_id: string; readonly type: string; readonly rate: number }[];
}

/** What each side says that the span cost. These are sums of floats on their side, and of decimals on ours. */
async function compared(source: Source, door: Door, { begin, end }: Span): Promise<Difference[]> {
  const query = `begin=${iso(begin)}&end=${iso(end)}&groupby=project_id,type&response_format=object&limit=${PAGE}`;
  const all = async (ask: (path: string) => Promise<SummaryPage | undefined>): Promise<Map<string, number>> => {
    const rates = new Map<string, number>();
    for (let offset = 0, total = 1; offset < total; offset += PAGE) {
      const page = await ask(`/v2/summary?${query}&offset=${offset}`);
      total = page?.total ?? 0;
      for (const { project_id, type, rate } of page?.results ?? []) rates.set(JSON.stringify([project_id, type]), rate);
    }
    return rates;
  };
  const theirs = await all((path) => fetched<SummaryPage>(source, path));
  const ours = await all((path) => fetched<SummaryPage>(facadeOf(door), path));
  return [...new Set([...theirs.keys(), ...ours.keys()])].toSorted().flatMap((key) => {
    const [project = "", type = ""] = JSON.parse(key) as string[];
    const [a, b] = [theirs.get(key) ?? 0, ours.get(key) ?? 0];
    return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a))
      ? []
      : [{ project, type, theirs: String(a), ours: String(b) }];
  });
}

/** We answer as a CloudKitty, too. */
export const facadeOf = ({ url, token }: Door): Source => ({ url: `${url}/rating`, token });

/** A day or an instant, whole hours only: an hour is rated as one. */
export function edge(text: string): Instant {
  const written = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text;
  try {
    const moment = instant(written);
    if (moment % 3_600_000 === 0) return moment;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw new Refused(`${text} is neither a day such as 2026-03-01 nor a full hour such as 2026-03-01T06:00:00Z`);
}
