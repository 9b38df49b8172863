import type { Place } from "@raingauge/wire";
import type { Located } from "../document.ts";
import { selecting } from "../glob.ts";
import type { Problem } from "../problem.ts";
import { isTable } from "../table.ts";
import { type Entry, known, nameOf, patternsOf, tablesOf } from "./source-list.ts";

/** A source of `pipeline.yaml`: which meters go on to somewhere. */
export interface PipelineSource {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly name: string;
  readonly takes: (meter: string) => boolean;
}

type Tell = (problem: Problem) => void;

/**
 * What carries over of a pipeline is which meters it takes: a defined meter that no source takes is not made. Where it sends
 * them is Raingauge's own matter; whatever else it does with them is refused, for somebody may rely on it.
 */
export function pipelineSources(document: Located, tell: Tell, note: Tell): readonly PipelineSource[] {
  const { value } = document;
  if (!isTable(value)) return [];
  known(document, { said: value, place: [] }, ["sources", "sinks"], tell);
  const sinks = tablesOf(document, ["sinks"], value["sinks"], tell).map((entry) => sinkOf(document, entry, tell, note));
  return tablesOf(document, ["sources"], value["sources"], tell).flatMap((entry) => {
    const { said, place } = entry;
    known(document, entry, ["name", "meters", "events", "sinks", "interval", "resources", "discovery"], tell);
    const name = nameOf(document, entry, tell);
    const to = said["sinks"];
    if (!Array.isArray(to) || to.length === 0) tell(document.problem([...place, "sinks"], "not a list of sinks"));
    for (const [index, sink] of (Array.isArray(to) ? to : []).entries()) {
      if (!sinks.includes(sink)) tell(document.problem([...place, "sinks", index], `there is no sink ${String(sink)}`));
    }
    if (said["events"] !== undefined && said["meters"] === undefined) {
      patternsOf(document, [...place, "events"], said["events"], tell);
      note(document.problem([...place, "events"], "passed over: every event is kept"));
      return [];
    }
    for (const key of ["interval", "resources", "discovery"].filter((each) => said[each] !== undefined)) {
      tell(document.problem([...place, key], "pipelines no longer say what is polled: polling.yaml does"));
    }
    const meters = patternsOf(document, [...place, "meters"], said["meters"], tell);
    return [{ file: document.file, ...document.standing(place), name, takes: selecting(meters) }];
  });
}

function sinkOf(document: Located, entry: Entry, tell: Tell, note: Tell): string {
  const { said, place } = entry;
  known(document, entry, ["name", "publishers", "transformers"], tell);
  const { transformers, publishers } = said;
  if (Array.isArray(transformers) && transformers.length > 0) {
    tell(
      document.problem(
        [...place, "transformers"],
        "nothing is transformed on its way (Ceilometer stopped too): ask for rates and sums in PromQL (docs/promql.md)",
      ),
    );
  }
  if (!Array.isArray(publishers) || publishers.length === 0) {
    tell(document.problem([...place, "publishers"], "not a list of publishers"));
  }
  for (const [index, publisher] of (Array.isArray(publishers) ? publishers : []).entries()) {
    published(document, [...place, "publishers", index], publisher, tell, note);
  }
  return nameOf(document, entry, tell);
}

/** Where Ceilometer publishes to, and what there is here instead; those that somebody else listens to are refused. */
function published(document: Located, place: Place, publisher: unknown, tell: Tell, note: Tell): void {
  const scheme = /^([a-z0-9+]+):\/\//i.exec(typeof publisher === "string" ? publisher : "")?.[1]?.toLowerCase();
  if (scheme === undefined) tell(document.problem(place, "not a URL"));
  else if (Object.hasOwn(OURS, scheme)) note(document.problem(place, `passed over: ${OURS[scheme]}`));
  else if (/^https?$/.test(scheme) && /\/v1\/samples\/ceilometer(\?|$)/.test(String(publisher))) {
    note(document.problem(place, "passed over: these are Raingauge's own samples already"));
  } else
    tell(
      document.problem(
        place,
        `${scheme}:// is not fed from here: ${INSTEAD[scheme] ?? "nothing is published to others"}`,
      ),
    );
}

const OURS: Readonly<Record<string, string>> = {
  gnocchi: "Raingauge's own store takes its place",
  panko: "Raingauge's own store keeps events",
  direct: "Raingauge's own store takes its place",
  database: "Raingauge's own store takes its place",
  notifier:
    "Raingauge's own bus takes its place; where Aodh's event alarms listen to it, alerting rules take theirs (docs/from-aodh-and-gnocchi.md)",
  rpc: "Raingauge's own bus takes its place",
  test: "for tests",
};

const INSTEAD: Readonly<Record<string, string>> = {
  prometheus: "let Prometheus ask /prometheus/api/v1, or read it from there (docs/promql.md)",
  http: "read /v1/samples and /v1/events, or have rules notify a webhook",
  https: "read /v1/samples and /v1/events, or have rules notify a webhook",
  opentelemetryhttp: "ask /prometheus/api/v1 (docs/promql.md)",
  opentelemetry: "ask /prometheus/api/v1 (docs/promql.md)",
  file: "`raingauge store export` writes files",
  udp: "read /v1/samples",
  tcp: "read /v1/samples",
  zaqar: "have rules notify a webhook",
  monasca: "ask /prometheus/api/v1 (docs/promql.md)",
  kafka: "read /v1/samples and /v1/events",
};
