import { Refused } from "../client.ts";

export function monthOf(said: string): string {
  if (!/^20\d\d-(0[1-9]|1[0-2])$/.test(said)) throw new Refused(`not a month, as 2026-01: ${said}`);
  return said;
}

/** What is wrong is said of the URL without repeating it: it may hold a password. */
export async function urlOf(said: string): Promise<URL> {
  if (!URL.canParse(said)) throw new Refused("a store is named by a URL, as duckdb:/var/lib/raingauge/samples.duckdb");
  const url = new URL(said);
  refuseWrong(url, await import("@raingauge/store/open"));
  return url;
}

/** The stores themselves say what may name them. */
export function refuseWrong(url: URL, { storeProblems }: typeof import("@raingauge/store/open")): void {
  const problems = storeProblems(url);
  if (problems.length > 0) throw new Refused(`the store's URL ${problems.join(", and ")}`);
}

/** What follows is of the copy's moment: the process goes on. */
export const onCopy = (reason: string): void => {
  process.stderr.write(`${reason.replace(/ DuckDB lets in.*/, "")} A copy of it as it is now is read.\n`);
};
