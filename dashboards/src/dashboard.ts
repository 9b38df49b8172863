import * as sdk from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import type { Source } from "./alert.ts";
import { type Annotation, annotationsOf } from "./annotation.ts";
import type { Board, Row } from "./board.ts";
import type { Panel } from "./panel.ts";
import { DATASOURCE, renderPanel } from "./render.ts";
import type { Variable } from "./variable.ts";

/** The newest schema that Grafana 10 and 11 read as it is; later ones migrate it as they load it. */
const SCHEMA_VERSION = 39;
const COLUMNS = 24;

/** A board as Grafana reads it from a file. */
export function dashboardOf(board: Board): unknown {
  const builder = new sdk.DashboardBuilder(board.title)
    .uid(board.uid)
    .description(board.answers)
    .tags(["openstack", "raingauge", board.audience])
    .timezone(board.timezone)
    .readonly()
    .tooltip(sdk.DashboardCursorSync.Crosshair)
    .time({ from: board.from, to: board.to ?? "now" })
    .refresh(board.refresh)
    .link(otherBoards())
    .variables([datasource(board.source), ...board.variables.map(variableOf)])
    .annotations(annotationsOf(board.source).map(annotationOf));
  for (const part of placed(board.rows)) {
    if ("panels" in part) builder.withRow(rowOf(part));
    else builder.withPanel(renderPanel(part.panel, part.place));
  }
  return sorted({ ...builder.build(), schemaVersion: SCHEMA_VERSION });
}

const DATASOURCES: Readonly<Record<Source, { readonly text: string; readonly value: string; readonly regex: string }>> =
  {
    served: { text: "Raingauge", value: "raingauge", regex: "" },
    scraped: { text: "Prometheus", value: "prometheus", regex: "" },
  };

const datasource = (source: Source) =>
  new sdk.DatasourceVariableBuilder("datasource")
    .label("Data source")
    .type("prometheus")
    .regex(DATASOURCES[source].regex)
    .current({ selected: false, text: DATASOURCES[source].text, value: DATASOURCES[source].value });

function variableOf(variable: Variable) {
  const { name, label, kind, query } = variable;
  if (kind === "custom") {
    const [first = ""] = query.split(",");
    return new sdk.CustomVariableBuilder(name)
      .label(label)
      .values(query)
      .current({ selected: true, text: first, value: first });
  }
  if (kind === "textbox") return new sdk.TextBoxVariableBuilder(name).label(label).defaultValue(query);
  const builder = new sdk.QueryVariableBuilder(name)
    .label(label)
    .datasource(DATASOURCE)
    .query({ query, refId: name })
    .definition(query)
    .refresh(sdk.VariableRefresh.OnTimeRangeChanged)
    .sort(sdk.VariableSort.AlphabeticalAsc);
  if (variable.regex !== undefined) builder.regex(variable.regex);
  if (variable.isMulti === true) builder.multi(true);
  if (variable.hasAll === true)
    builder
      .includeAll(true)
      .allValue(".+")
      .current({ selected: true, text: ["All"], value: ["$__all"] });
  return builder;
}

const annotationOf = ({ name, expr, title, color, isValueTime }: Annotation) => {
  const builder = new sdk.AnnotationQueryBuilder()
    .name(name)
    .datasource(DATASOURCE)
    .enable(true)
    .iconColor(color)
    .expr(expr)
    .titleFormat(title)
    .target(new DataqueryBuilder().refId("Anno").expr(expr).range());
  return isValueTime === true ? builder.useValueForTime(true) : builder;
};

const otherBoards = () =>
  new sdk.DashboardLinkBuilder("Raingauge")
    .type(sdk.DashboardLinkType.Dashboards)
    .tags(["raingauge"])
    .asDropdown(true)
    .keepTime(true)
    .includeVars(true);

interface PlacedRow {
  readonly id: number;
  readonly title: string;
  readonly place: sdk.GridPos;
  readonly panels: [];
}

interface PlacedPanel {
  readonly panel: Panel;
  readonly place: sdk.GridPos;
}

const rowOf = ({ id, title, place }: PlacedRow) => new sdk.RowBuilder(title).id(id).gridPos(place);

/** Left to right, then down: rows of the grid without a gap. A row's own number is below all panels'. */
function placed(rows: readonly Row[]): readonly (PlacedRow | PlacedPanel)[] {
  let y = 0;
  return rows.flatMap(({ title, panels }, index) => {
    const heading: PlacedRow = { id: index + 1, title, place: { h: 1, w: COLUMNS, x: 0, y }, panels: [] };
    y += 1;
    let x = 0;
    const places = panels.map((panel) => {
      if (x + panel.width > COLUMNS) x = 0;
      const place = { h: panel.height, w: panel.width, x, y };
      x += panel.width;
      if (x === COLUMNS) y += panel.height;
      return { panel, place };
    });
    return [heading, ...places];
  });
}

/**
 * A stable order of keys, so that a change shows as a change and as nothing else. `inControlsMenu` is the SDK's own idea: it hides
 * links and annotations in a menu of the newest Grafana.
 */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined && inner !== "inControlsMenu")
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
