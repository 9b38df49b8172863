import { allMeters } from "@raingauge/domain";
import { type Noted, notedWatch, type Watching } from "../../sources.ts";
import { text } from "../csv.ts";
import { lineOf, prefixOf } from "../line.ts";
import type { InfluxdbServer } from "../server.ts";
import type { RolledUp } from "./book.ts";

/** What a roll-up stands on beside readings: the meters that the catalogue knew, and the sources that confirmed. */
export interface Grounds {
  readonly meters: ReadonlySet<string>;
  readonly watch: readonly Noted[];
}

export const groundsNow = (regions: Iterable<string>, watchOf: Watching): Grounds => ({
  meters: new Set(allMeters().map(({ name }) => name)),
  watch: notedWatch(regions, watchOf),
});

export const groundsLine = ({ side, since }: RolledUp, { meters, watch }: Grounds): string =>
  lineOf(
    prefixOf("sources", {}),
    { watch: JSON.stringify(watch), meters: JSON.stringify([...meters]), rolled: since },
    BigInt(side),
  );

export async function readGrounds(server: InfluxdbServer, { since }: RolledUp): Promise<Grounds> {
  const [row] = await server.ask(`select "watch", "meters" from "sources" where "rolled" = ${since}`);
  if (row === undefined) return { meters: new Set(), watch: [] };
  return { meters: new Set<string>(JSON.parse(text(row, "meters"))), watch: JSON.parse(text(row, "watch")) };
}
