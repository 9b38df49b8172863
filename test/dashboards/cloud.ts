import { bills, whole } from "./cloud/bills.ts";
import { MACHINES, machineSeries } from "./cloud/machines.ts";
import { processes } from "./cloud/processes.ts";
import { END, PROJECTS, type Series } from "./cloud/series.ts";
import { addresses, dials, pools, storage, VOLUMES } from "./cloud/things.ts";

/**
 * A small cloud as series: two regions, four projects, ten days of hourly costs, three of readings. Every amount is a multiple
 * of 1/64, so that sums of floats are exact and "equal" means equal. The same at each run.
 */
export const allSeries = (): readonly Series[] => [
  ...MACHINES.flatMap(machineSeries),
  ...storage(),
  ...addresses(),
  ...dials(),
  ...pools(),
  ...bills(),
  ...whole(),
  ...processes(),
];

/** What an hour of the whole cloud costs, known by hand: machines, volumes, addresses. */
export const HOUR_COSTS = {
  machines: MACHINES.reduce((total, { size }) => total + size.price, 0),
  volumes: VOLUMES.reduce((total, { size }) => total + size / 640, 0),
  addresses: PROJECTS.length / 64,
} as const;

/** All of it as OpenMetrics text, which promtool makes into blocks. */
export function openMetrics(): string {
  const families = new Map<string, string[]>();
  for (const { name, labels, from, step, at } of allSeries()) {
    const lines = families.get(name) ?? [];
    families.set(name, lines);
    const text = Object.entries(labels)
      .map(([label, value]) => `${label}="${value}"`)
      .join(",");
    for (let second = from; second <= END; second += step) {
      const value = at(second);
      if (value !== undefined) lines.push(`${name}{${text}} ${value} ${second}`);
    }
  }
  return `${[...families.values()].map((lines) => lines.join("\n")).join("\n")}\n# EOF\n`;
}
