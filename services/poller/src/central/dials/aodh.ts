import type { Payload } from "@raingauge/openstack";
import { ABSENT } from "../absence.ts";
import { wholeList } from "../asking.ts";
import type { MeterReading } from "./meter-reading.ts";
import { label, number, part } from "./said.ts";
import type { Survey } from "./survey.ts";

/** How often each alarm came to which state; an Aodh before 2025.2 does not tell. */
export const aodhSurvey: Survey = {
  name: "aodh.survey",
  absence: ABSENT,
  async read(asking) {
    const call = { service: "alarming", version: "v2", path: "/metrics", query: { all_projects: "true" } };
    return (await wholeList(asking, call, "evaluation_results")).flatMap(results);
  },
};

/** Each state is a count of its own, and so a resource of its own. */
function results(said: Payload): MeterReading[] {
  const [alarm, project] = [label(said, "alarm_id"), label(said, "project_id")];
  const counters = part(said, "state_counters");
  return Object.keys(counters).flatMap((state): MeterReading[] => {
    const count = number(counters, state);
    if (count === undefined || !Number.isSafeInteger(count) || count < 0 || alarm === "" || project === "") return [];
    const of = { source: "aodh", project, resource: `${alarm}/${state}`, dimensions: { state } };
    return [{ ...of, meter: "alarm.evaluation_result", value: BigInt(count) }];
  });
}
