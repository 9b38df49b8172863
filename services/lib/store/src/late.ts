import { at, type Sample } from "@raingauge/domain";
import { compareText } from "./order.ts";
import type { LateReadings } from "./store.ts";

type Late = Pick<Sample, "region" | "project" | "meter" | "resource" | "at">;

/** Late readings, counted by series and project. */
export function lateOf(readings: readonly Late[]): LateReadings[] {
  const counted = [...Map.groupBy(readings, keyOf).values()].flatMap(([first, ...others]): LateReadings[] => {
    if (first === undefined) return [];
    const { region, project, meter, resource } = first;
    const instants = [first, ...others].map((each) => each.at);
    const earliest = instants.reduce((a, b) => at(Math.min(a, b)));
    const latest = instants.reduce((a, b) => at(Math.max(a, b)));
    return [{ region, project, meter, resource, readings: instants.length, first: earliest, last: latest }];
  });
  return inLateOrder(counted);
}

/** By region, project, meter and resource. */
export const inLateOrder = (late: readonly LateReadings[]): LateReadings[] =>
  late.toSorted((a, b) => compareText(keyOf(a), keyOf(b)));

const keyOf = ({ region, project, meter, resource }: Omit<Late, "at">): string =>
  JSON.stringify([region, project, meter, resource]);
