import { PanelBuilder as BarGauge } from "@grafana/grafana-foundation-sdk/bargauge";
import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import * as common from "@grafana/grafana-foundation-sdk/common";
import * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder, PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as Stat } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as StateTimeline } from "@grafana/grafana-foundation-sdk/statetimeline";
import { PanelBuilder as Table } from "@grafana/grafana-foundation-sdk/table";
import { PanelBuilder as Text, TextMode } from "@grafana/grafana-foundation-sdk/text";
import { PanelBuilder as TimeSeries } from "@grafana/grafana-foundation-sdk/timeseries";
import { descriptionOf } from "./description.ts";
import type { Column, Panel, Query, Thresholds, Word } from "./panel.ts";

export const DATASOURCE = { type: "prometheus", uid: "${datasource}" } as const;

/** Grafana's own panel, made through its typed builders so that a misspelt option does not pass. */
export function renderPanel(panel: Panel, place: dashboard.GridPos): Builder<dashboard.Panel> {
  switch (panel.kind) {
    case "stat":
      return renderStat(panel, place);
    case "timeseries":
      return renderLines(panel, place);
    case "table":
      return renderTable(panel, place);
    case "bargauge":
      return renderRanking(panel, place);
    case "state-timeline":
      return renderStates(panel, place);
    case "text":
      return framed(new Text(), panel, place)
        .mode(TextMode.Markdown)
        .content(panel.look.markdown ?? "");
  }
}

const renderStat = (panel: Panel, place: dashboard.GridPos) =>
  asking(new Stat(), panel, place)
    .reduceOptions(last())
    .colorMode(common.BigValueColorMode.Value)
    .graphMode(common.BigValueGraphMode.None)
    .textMode(common.BigValueTextMode.Value);

function renderLines(panel: Panel, place: dashboard.GridPos) {
  const { stacked = false, bars = false, thresholds } = panel.look;
  const builder = asking(new TimeSeries(), panel, place)
    .drawStyle(bars ? common.GraphDrawStyle.Bars : common.GraphDrawStyle.Line)
    .lineWidth(bars ? 0 : 1)
    .fillOpacity(bars ? 80 : stacked ? 40 : 0)
    .showPoints(common.VisibilityMode.Never)
    .stacking(
      new common.StackingConfigBuilder()
        .mode(stacked ? common.StackingMode.Normal : common.StackingMode.None)
        .group("A"),
    )
    .tooltip(
      new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending),
    )
    .legend(
      new common.VizLegendOptionsBuilder()
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .showLegend(true)
        .calcs([]),
    )
    .colorScheme(new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.PaletteClassic));
  if (thresholds !== undefined) {
    builder.thresholdsStyle(
      new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed),
    );
  }
  // A bar that does not begin at nothing lies about its size.
  return bars ? builder.barAlignment(common.BarAlignment.After).axisSoftMin(0) : builder;
}

function renderTable(panel: Panel, place: dashboard.GridPos) {
  const columns = Object.entries(panel.look.columns ?? {});
  const builder = asking(new Table(), panel, place).withTransformation({ id: "merge", options: {} });
  builder.withTransformation({
    id: "organize",
    options: {
      excludeByName: Object.fromEntries([
        ["Time", true],
        ...columns.filter(([, { isHidden }]) => isHidden).map(([name]) => [name, true]),
      ]),
      indexByName: Object.fromEntries(columns.map(([name], index) => [name, index])),
      renameByName: Object.fromEntries(
        columns.flatMap(([column, { name }]) => (name === undefined ? [] : [[column, name]])),
      ),
    },
  });
  for (const [column, said] of columns) {
    const properties = propertiesOf(said);
    if (properties.length > 0) builder.overrideByName(said.name ?? column, properties);
  }
  if (panel.look.sortBy !== undefined) {
    builder.sortBy([new common.TableSortByFieldStateBuilder().displayName(panel.look.sortBy).desc(true)]);
  }
  return builder.cellHeight(common.TableCellHeight.Sm);
}

const renderRanking = (panel: Panel, place: dashboard.GridPos) =>
  asking(new BarGauge(), panel, place)
    .orientation(common.VizOrientation.Horizontal)
    .displayMode(common.BarGaugeDisplayMode.Basic)
    .valueMode(common.BarGaugeValueMode.Color)
    .showUnfilled(true)
    .min(panel.look.min ?? 0)
    .reduceOptions(last());

const renderStates = (panel: Panel, place: dashboard.GridPos) =>
  asking(new StateTimeline(), panel, place)
    .mergeValues(true)
    .showValue(common.VisibilityMode.Auto)
    .rowHeight(0.8)
    .mappings(mappingsOf(panel.look.words ?? {}))
    .legend(
      new common.VizLegendOptionsBuilder()
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .showLegend(false)
        .calcs([]),
    );

/** What every panel of the SDK has in common; each returns itself. */
interface Framed extends Builder<dashboard.Panel> {
  id(id: number): this;
  title(title: string): this;
  description(description: string): this;
  gridPos(place: dashboard.GridPos): this;
}

interface Asking extends Framed {
  datasource(datasource: { type: string; uid: string }): this;
  targets(targets: Builder<never>[]): this;
  unit(unit: string): this;
  noValue(text: string): this;
  decimals(decimals: number): this;
  min(min: number): this;
  max(max: number): this;
  interval(interval: string): this;
  timeFrom(from: string): this;
  thresholds(thresholds: Builder<dashboard.ThresholdsConfig>): this;
}

const framed = <B extends Framed>(builder: B, panel: Panel, place: dashboard.GridPos): B =>
  builder.id(panel.id).title(panel.title).description(descriptionOf(panel)).gridPos(place);

function asking<B extends Asking>(builder: B, panel: Panel, place: dashboard.GridPos): B {
  const { decimals, min, max, timeFrom, thresholds } = panel.look;
  framed(builder, panel, place)
    .datasource(DATASOURCE)
    .targets(panel.queries.map((query, index) => target(query, index, panel)) as unknown as Builder<never>[])
    .unit(panel.unit)
    .noValue("–")
    .thresholds(thresholdsOf(thresholds ?? ["blue"]));
  if (decimals !== undefined) builder.decimals(decimals);
  if (min !== undefined) builder.min(min);
  if (max !== undefined) builder.max(max);
  if (timeFrom !== undefined) builder.timeFrom(timeFrom);
  const interval = panel.queries.find((query) => query.interval !== undefined)?.interval;
  if (interval !== undefined) builder.interval(interval);
  return builder;
}

function target(query: Query, index: number, { kind }: Panel) {
  const builder = new DataqueryBuilder()
    .refId(String.fromCharCode(65 + index))
    .datasource(DATASOURCE)
    .expr(query.expr)
    .format(kind === "table" ? PromQueryFormat.Table : PromQueryFormat.TimeSeries)
    .legendFormat(query.legend ?? "__auto");
  if (query.interval !== undefined) builder.interval(query.interval);
  return query.isInstant === true ? builder.instant() : builder.range();
}

const last = () => new common.ReduceDataOptionsBuilder().calcs(["lastNotNull"]).values(false);

const stepsOf = ([first, ...rest]: Thresholds): dashboard.Threshold[] => [
  { value: null, color: first },
  ...rest.map(([value, color]) => ({ value, color })),
];

const thresholdsOf = (thresholds: Thresholds) =>
  new dashboard.ThresholdsConfigBuilder().mode(dashboard.ThresholdsMode.Absolute).steps(stepsOf(thresholds));

function propertiesOf({ unit, decimals, link, thresholds }: Column): dashboard.DynamicConfigValue[] {
  return [
    ...(unit === undefined ? [] : [{ id: "unit", value: unit }]),
    ...(decimals === undefined ? [] : [{ id: "decimals", value: decimals }]),
    ...(link === undefined ? [] : [{ id: "links", value: [{ title: "Look closer", url: link }] }]),
    ...(thresholds === undefined
      ? []
      : [
          { id: "thresholds", value: { mode: "absolute", steps: stepsOf(thresholds) } },
          { id: "custom.cellOptions", value: { type: "color-text" } },
        ]),
  ];
}

const mappingsOf = (words: Readonly<Record<string, Word>>): dashboard.ValueMapping[] => [
  {
    type: dashboard.MappingType.ValueToText,
    options: Object.fromEntries(
      Object.entries(words).map(([value, { text, color }], index) => [value, { text, color, index }]),
    ),
  },
];
