import { at, EVERYTHING, type Instant, type Period, sharesOf, versionAt } from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";

/** Whose a project is, stretch by stretch of a period. */
export interface Belonging {
  /** Where in the period it changes for any of the projects that were asked about. */
  readonly edges: readonly Instant[];
  /** "" where nobody said. */
  domainOf(project: string, moment: Instant): string;
  /** The account that pays; a project that none claims is an account of its own. */
  accountOf(project: string, moment: Instant): string;
}

/** As bills of the period have it: by the accounts that are in force at its end, and where they say from when to when. */
export async function belonging(
  ledger: Pick<Ledger, "accounts" | "placements">,
  projects: readonly string[],
  period: Period,
): Promise<Belonging> {
  const versions = Map.groupBy(await ledger.accounts(EVERYTHING), ({ account }) => account.id);
  const accounts = [...versions.values()].flatMap((mine) => versionAt(mine, at(period.end - 1))?.account ?? []);
  const placements = await ledger.placements();
  const mine = new Set(projects);
  const placed = Map.groupBy(
    placements.filter(({ project }) => mine.has(project)),
    ({ project }) => project,
  );
  const shares = new Map(
    projects.map((project) => [project, sharesOf(project, accounts, placed.get(project) ?? [], period).shares]),
  );
  const edges = [
    ...[...shares.values()].flat().flatMap((share) => [share.period.start, share.period.end]),
    ...[...placed.values()].flat().map(({ since }) => since),
  ].filter((edge) => edge > period.start && edge < period.end);
  return {
    edges: [...new Set(edges)].toSorted((a, b) => a - b),
    domainOf: (project, moment) =>
      (placed.get(project) ?? [])
        .filter(({ since }) => since <= moment)
        .toSorted((a, b) => a.since - b.since)
        .at(-1)?.domain ?? "",
    accountOf: (project, moment) =>
      shares.get(project)?.find((share) => share.period.start <= moment && moment < share.period.end)?.account ??
      project,
  };
}
