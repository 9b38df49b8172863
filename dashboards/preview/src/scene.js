import { dateTime } from "@grafana/data";
import {
  CustomVariable,
  EmbeddedScene,
  QueryVariable,
  SceneControlsSpacer,
  SceneDataTransformer,
  SceneGridItem,
  SceneGridLayout,
  SceneGridRow,
  SceneQueryRunner,
  SceneTimePicker,
  SceneTimeRange,
  SceneVariableSet,
  VariableValueSelectors,
  VizPanel,
} from "@grafana/scenes";

const seconds = (text) => Number.parseInt(text, 10) * { m: 60, h: 3600, d: 86_400 }[text.at(-1)];

/** A committed board's JSON as a scene, its range ending at `end`. */
export function sceneOf(board, end) {
  const datasource = { type: "prometheus", uid: board.templating.list[0].current.value };
  const range = seconds(board.time.from.replace("now-", ""));
  return new EmbeddedScene({
    $timeRange: rangeOf(end - range, end),
    $variables: new SceneVariableSet({
      variables: board.templating.list.slice(1).map((variable) => variableOf(variable, datasource)),
    }),
    controls: [new VariableValueSelectors({}), new SceneControlsSpacer(), new SceneTimePicker({})],
    body: new SceneGridLayout({ children: board.panels.map((panel) => itemOf(panel, datasource, end)) }),
  });
}

const rangeOf = (from, to) =>
  new SceneTimeRange({
    from: dateTime(from * 1000).toISOString(),
    to: dateTime(to * 1000).toISOString(),
    timeZone: "utc",
  });

function variableOf({ type, name, label, query, regex, multi, includeAll, allValue, current }, datasource) {
  if (type === "custom") return new CustomVariable({ name, label, query, value: current.value, text: current.text });
  return new QueryVariable({
    name,
    label,
    datasource,
    query,
    regex: regex ?? "",
    isMulti: multi,
    includeAll,
    allValue,
    sort: 1,
    ...(includeAll ? { value: ["$__all"], text: ["All"] } : preferred(name)),
  });
}

/** Of resources a machine: it has the most to show. */
const preferred = (name) => (name === "resource" ? { value: "vm-00", text: "vm-00" } : {});

function itemOf(panel, datasource, end) {
  const { x, y, w: width, h: height } = panel.gridPos;
  if (panel.type === "row") return new SceneGridRow({ x, y, title: panel.title, isCollapsible: false, children: [] });
  return new SceneGridItem({
    x,
    y,
    width,
    height,
    body: new VizPanel({
      title: panel.title,
      description: panel.description,
      pluginId: `preview-${panel.type}`,
      pluginVersion: "1.0.0",
      options: panel.options,
      fieldConfig: panel.fieldConfig ?? { defaults: {}, overrides: [] },
      ...(panel.targets === undefined ? {} : { $data: dataOf(panel, datasource) }),
      ...(panel.timeFrom === undefined ? {} : { $timeRange: rangeOf(since(panel.timeFrom, end), end) }),
    }),
  });
}

function dataOf({ targets, transformations, interval }, datasource) {
  const $data = new SceneQueryRunner({ datasource, queries: targets, minInterval: interval, maxDataPoints: 400 });
  return transformations === undefined ? $data : new SceneDataTransformer({ $data, transformations });
}

/** `now/d` and `now/M`, in UTC. */
function since(from, end) {
  const at = new Date(end * 1000);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), from === "now/M" ? 1 : at.getUTCDate()) / 1000;
}
