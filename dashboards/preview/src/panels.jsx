import {
  cacheFieldDisplayNames,
  FieldType,
  getDisplayValueAlignmentFactors,
  getFieldDisplayName,
  getFieldDisplayValues,
  PanelPlugin,
  renderMarkdown,
} from "@grafana/data";
import { sceneUtils } from "@grafana/scenes";
import { BarGauge, BigValue, TimeSeries, useTheme2, VizRepeater } from "@grafana/ui";
import { TableNG } from "table-ng";
import { custom } from "./registries.js";

const displayValues =
  ({ data, fieldConfig, options, replaceVariables, timeZone }, theme) =>
  () =>
    getFieldDisplayValues({
      fieldConfig,
      reduceOptions: options.reduceOptions ?? { calcs: ["lastNotNull"] },
      replaceVariables,
      theme,
      data: data.series,
      timeZone,
    });

function Empty() {
  return <div className="preview-empty">No data</div>;
}

function Lines({ data, timeRange, timeZone, width, height, options }) {
  const frames = data.series.filter(({ length }) => length > 0);
  if (frames.length === 0) return <Empty />;
  return (
    <TimeSeries
      frames={frames}
      structureRev={data.structureRev}
      timeRange={timeRange}
      timeZone={timeZone}
      width={width}
      height={height}
      legend={options.legend ?? { showLegend: true, displayMode: "list", placement: "bottom", calcs: [] }}
      options={options}
    />
  );
}

function Stat(props) {
  const theme = useTheme2();
  const values = displayValues(props, theme);
  return (
    <VizRepeater
      width={props.width}
      height={props.height}
      source={props.data}
      getValues={values}
      orientation="auto"
      renderCounter={props.renderCounter}
      itemSpacing={3}
      renderValue={({ value, width, height }) => (
        <BigValue
          value={value.display}
          width={width}
          height={height}
          theme={theme}
          colorMode={props.options.colorMode}
          graphMode="none"
          textMode={props.options.textMode}
          justifyMode="auto"
        />
      )}
    />
  );
}

function Ranking(props) {
  const theme = useTheme2();
  if (props.data.series.length === 0) return <Empty />;
  return (
    <VizRepeater
      width={props.width}
      height={props.height}
      source={props.data}
      getValues={displayValues(props, theme)}
      orientation="horizontal"
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      autoGrid={false}
      itemSpacing={6}
      renderCounter={props.renderCounter}
      minVizHeight={16}
      renderValue={({ value, width, height, alignmentFactors }) => (
        <BarGauge
          value={value.display}
          width={width}
          height={height}
          field={value.field}
          theme={theme}
          alignmentFactors={alignmentFactors}
          orientation="horizontal"
          itemSpacing={6}
          lcdCellWidth={12}
          namePlacement="auto"
          displayMode={props.options.displayMode}
          valueDisplayMode={props.options.valueMode}
          showUnfilled
        />
      )}
    />
  );
}

function Table({ data, width, height, options, timeRange }) {
  const frame = data.series[0];
  if (frame === undefined || frame.length === 0) return <Empty />;
  cacheFieldDisplayNames([frame]);
  return (
    <TableNG
      data={frame}
      width={width}
      height={height}
      timeRange={timeRange}
      showTypeIcons={false}
      cellHeight={options.cellHeight}
      initialSortBy={options.sortBy}
      noHeader={false}
      enableSharedCrosshair={false}
      structureRev={data.structureRev}
    />
  );
}

/** Grafana's state timeline is in its core and not in npm: these strips stand for it, in the same colours and words. */
function States({ data, timeRange, width, height }) {
  const theme = useTheme2();
  const frames = data.series.filter(({ length }) => length > 0);
  if (frames.length === 0) return <Empty />;
  const from = timeRange.from.valueOf();
  const span = timeRange.to.valueOf() - from;
  const row = Math.min(34, (height - 10) / frames.length);
  return (
    <svg width={width} height={height} role="img">
      <title>States over time</title>
      {frames.map((frame, index) => {
        const [time, value] = [
          frame.fields.find(({ type }) => type === FieldType.time),
          frame.fields.find(({ type }) => type === FieldType.number),
        ];
        const step = time.values.length > 1 ? time.values[1] - time.values[0] : span;
        const x = (at) => 130 + ((at - from) / span) * (width - 140);
        return (
          <g key={getFieldDisplayName(value, frame)}>
            <text x={4} y={index * row + row / 2 + 8} fill={theme.colors.text.secondary} fontSize={12}>
              {getFieldDisplayName(value, frame)}
            </text>
            {time.values.map((at, point) => (
              <rect
                key={at}
                x={x(at)}
                y={index * row + 4}
                width={Math.max(1, x(at + step) - x(at) + 0.5)}
                height={row - 6}
                fill={value.display?.(value.values[point]).color ?? theme.colors.success.main}
                opacity={0.85}
              />
            ))}
          </g>
        );
      })}
    </svg>
  );
}

function Text({ options }) {
  return (
    <div
      className="markdown-html"
      style={{ padding: 8 }}
      // biome-ignore lint/security/noDangerouslySetInnerHtml: our own text, rendered and cleaned by Grafana
      dangerouslySetInnerHTML={{ __html: renderMarkdown(options.content) }}
    />
  );
}

const GRAPH = [
  "drawStyle",
  "lineWidth",
  "fillOpacity",
  "showPoints",
  "stacking",
  "barAlignment",
  "axisSoftMin",
  "thresholdsStyle",
  "axisPlacement",
  "axisLabel",
  "lineInterpolation",
  "spanNulls",
  "hideFrom",
  "gradientMode",
  "scaleDistribution",
  "pointSize",
  "barWidthFactor",
];
const CELL = ["align", "inspect", "cellOptions", "hidden", "width", "filterable"];

const plugin = (component, names = []) => new PanelPlugin(component).useFieldConfig({ useCustomConfig: custom(names) });

export function registerPanels() {
  const made = {
    timeseries: plugin(Lines, GRAPH),
    stat: plugin(Stat),
    bargauge: plugin(Ranking),
    table: plugin(Table, CELL),
    "state-timeline": plugin(States),
    text: plugin(Text),
  };
  for (const [pluginId, panel] of Object.entries(made)) {
    panel.meta = { id: pluginId, name: pluginId, info: { logos: {} }, module: "", baseUrl: "", sort: 0 };
    sceneUtils.registerRuntimePanelPlugin({ pluginId: `preview-${pluginId}`, plugin: panel });
  }
}
