import type { Located } from "../document.ts";
import { selecting } from "../glob.ts";
import type { Problem } from "../problem.ts";
import { isTable } from "../table.ts";
import { known, nameOf, patternsOf, tablesOf } from "./source-list.ts";

/** One source of `polling.yaml`: which meters are asked for, and how often. */
export interface PollingSource {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly name: string;
  readonly intervalSeconds: number;
  readonly meters: readonly string[];
  readonly wants: (meter: string) => boolean;
}

const KEYS = ["name", "interval", "meters", "resources", "discovery", "group_id_coordination_expression"];

/** What Ceilometer is told and nobody needs to be told here. */
const NEEDLESS: Readonly<Record<string, string>> = {
  resources: "passed over: what is asked is found in Keystone's catalog, on the host, or in RAINGAUGE_BOARDS",
  discovery: "passed over: each meter is found as it always is",
  group_id_coordination_expression: "passed over: agents share the work by RAINGAUGE_SWEEP_SHARED",
};

export function pollingSources(
  document: Located,
  tell: (problem: Problem) => void,
  note: (passed: Problem) => void,
): readonly PollingSource[] {
  const { value } = document;
  if (!isTable(value)) return [];
  known(document, { said: value, place: [] }, ["sources"], tell);
  return tablesOf(document, ["sources"], value["sources"], tell).map((entry) => {
    const { said, place } = entry;
    known(document, entry, KEYS, tell);
    for (const [key, says] of Object.entries(NEEDLESS)) {
      const given = said[key];
      if (given !== undefined && given !== null && !(Array.isArray(given) && given.length === 0)) {
        note(document.problem([...place, key], says));
      }
    }
    const interval = Number(said["interval"] ?? Number.NaN);
    if (!Number.isInteger(interval) || interval <= 0) {
      tell(document.problem([...place, "interval"], "not a whole number of seconds from 1 on"));
    }
    const meters = patternsOf(document, [...place, "meters"], said["meters"], tell);
    return {
      file: document.file,
      ...document.standing(place),
      name: nameOf(document, entry, tell),
      intervalSeconds: interval,
      meters,
      wants: selecting(meters),
    };
  });
}

/** How often a meter is asked for: as often as the most eager source wants it; undefined where none does. */
export function intervalOf(sources: readonly PollingSource[], meter: string): number | undefined {
  const wanting = sources.filter(({ wants }) => wants(meter)).map(({ intervalSeconds }) => intervalSeconds);
  return wanting.length === 0 ? undefined : Math.min(...wanting);
}

/** Whether the file says in so many words that a meter is not to be asked for. */
export const isExcluded = (sources: readonly PollingSource[], meter: string): boolean =>
  intervalOf(sources, meter) === undefined &&
  sources.some(({ meters }) => meters.some((each) => each.startsWith("!") && !selecting([each])(meter)));
