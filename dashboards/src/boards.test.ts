import { describe, expect, it } from "vitest";
import { ALERT_GROUPS } from "./alerts/groups.ts";
import { annotationsOf } from "./annotation.ts";
import { type Board, panelsOf } from "./board.ts";
import { BOARDS } from "./boards/boards.ts";
import { dashboardOf } from "./dashboard.ts";
import { descriptionOf, metricOf } from "./description.ts";
import { groupingsOf, selectorsOf } from "./expression.ts";
import { expanded, variablesIn } from "./macro.ts";
import type { Panel } from "./panel.ts";

/** Links and provisioning name them: one may be added, none may change. */
const UIDS = [
  "raingauge-cloud-overview",
  "raingauge-compute-host",
  "raingauge-instance",
  "raingauge-project",
  "raingauge-cost-explorer",
  "raingauge-finance",
  "raingauge-pipeline",
  "raingauge-api-slo",
  "raingauge-capacity",
  "raingauge-alarms",
  "raingauge-storage-net",
  "raingauge-weekly-report",
];

/** Grafana's own names of units, those that are used here. */
const UNITS = [
  "none",
  "short",
  "percent",
  "percentunit",
  "s",
  "ns",
  "bytes",
  "decbytes",
  "mbytes",
  "gbytes",
  "Bps",
  "bps",
  "iops",
  "pps",
  "ops",
  "reqps",
  "watt",
  "dateTimeAsIso",
];

/** In which units a metric may be shown. A catalogue's MiB is not Grafana's bytes. */
const SHOWN: Readonly<Record<string, readonly string[]>> = {
  MiB: ["mbytes"],
  GiB: ["gbytes", "percentunit", "none"],
  W: ["watt"],
};

/** What Prometheus or whatever evaluates rules makes itself; and labels that a scrape adds. */
const PROMETHEUS: Readonly<Record<string, readonly string[]>> = {
  up: [],
  ALERTS: ["alertname", "alertstate", "severity", "team"],
};
const SCRAPED = ["job", "instance", "le"];

const panels = BOARDS.flatMap((board) =>
  panelsOf(board).map((panel) => ({ board, panel, name: `${board.uid} ${panel.id} ${panel.title}` })),
);
const queries = panels.flatMap(({ board, panel, name }) =>
  panel.queries.map((query) => ({ board, panel, query, name, expr: query.expr })),
);
const rules = ALERT_GROUPS.flatMap(({ alerts }) =>
  alerts.flatMap((alert) =>
    [alert.expr, ...alert.runbook.look.flatMap(({ query }) => query ?? [])].map((expr) => ({ name: alert.name, expr })),
  ),
);
const asked = [
  ...queries.map(({ name, expr }) => ({ name, expr })),
  ...BOARDS.flatMap((board) =>
    annotationsOf(board.source).map(({ name, expr }) => ({ name: `${board.uid} ${name}`, expr })),
  ),
  ...rules,
];

describe("boards", () => {
  it("have the uids that links and provisioning name", () => {
    expect(BOARDS.map(({ uid }) => uid).sort()).toEqual([...UIDS].sort());
    expect(UIDS.filter((uid) => uid.length > 40)).toEqual([]);
  });

  it.each(BOARDS)("$uid is titled as the others, cannot be edited, and asks no more than once a minute", (board) => {
    expect(board.title).toMatch(/^Raingauge \/ /);
    expect(dashboardOf(board)).toMatchObject({ editable: false, schemaVersion: 39, uid: board.uid });
    expect(board.refresh).toMatch(/^([1-9]\d*)[mh]$/);
    expect(queries.filter((query) => query.board === board).length).toBeLessThanOrEqual(60);
  });

  it.each(BOARDS)("$uid carries nothing that binds it to one Grafana", (board) => {
    const text = JSON.stringify(dashboardOf(board));

    expect(text).not.toMatch(/__inputs|__requires|\$\{DS_/);
    expect(dashboardOf(board)).not.toHaveProperty("version");
    expect(dashboardOf(board)).not.toHaveProperty("id");
    expect(
      [...text.matchAll(/"uid":"([^"]+)"/g)].map(([, uid]) => uid).filter((uid) => uid !== "${datasource}"),
    ).toEqual([board.uid]);
  });

  it.each(BOARDS)("$uid leaves neither gap nor overlap", (board) => {
    expect(covered(board)).toEqual([]);
  });

  it.each(BOARDS)("$uid uses each variable that it has and has each that it uses", (board) => {
    const text = [
      ...panelsOf(board).flatMap((panel) => [
        panel.title,
        ...panel.queries.map(({ expr }) => expr),
        ...links(panel),
        ...Object.values(panel.look.columns ?? {}).map(({ name }) => name ?? ""),
      ]),
      ...board.variables.map(({ query }) => query),
      ...annotationsOf(board.source).map(({ expr }) => expr),
    ].join(" ");
    const used = new Set(variablesIn(text).filter((name) => name !== "datasource"));
    const had = board.variables.map(({ name }) => name);

    expect([...used].filter((name) => !had.includes(name) && board.uid !== "raingauge-alarms")).toEqual([]);
    expect(had.filter((name) => !used.has(name))).toEqual([]);
  });

  it.each(BOARDS)("$uid chooses from what can be asked for", (board) => {
    for (const { kind, query } of board.variables) {
      if (kind !== "query") continue;
      const [, inner = "", label] = /^(?:label_values|query_result)\((.*?)(?:, (\w+))?\)$/.exec(query) ?? [];
      for (const { metric } of selectorsOf(expanded(inner))) expect(metricOf(metric), metric).toBeDefined();
      if (label !== undefined) expect(labelsOf(selectorsOf(expanded(inner))[0]?.metric ?? "")).toContain(label);
    }
  });
});

describe("panels", () => {
  it("have numbers of their own, above those of rows", () => {
    for (const board of BOARDS) {
      const ids = panelsOf(board).map(({ id }) => id);
      expect(new Set(ids).size, board.uid).toBe(ids.length);
      expect(Math.min(...ids)).toBeGreaterThan(99);
    }
  });

  it.each(panels)("$name says what it is for, in a known unit", ({ panel }) => {
    expect(descriptionOf(panel).length).toBeGreaterThanOrEqual(40);
    expect(panel.answers).toMatch(/[.?]$/);
    expect(UNITS).toContain(panel.unit);
    expect(panel.kind === "text" || panel.queries.length > 0).toBe(true);
  });

  it.each(panels)("$name has thresholds that ascend", ({ panel }) => {
    const [, ...steps] = panel.look.thresholds ?? ["blue"];
    const values = steps.map(([value]) => value);

    expect(values).toEqual([...values].sort((a, b) => a - b));
  });

  it.each(panels.filter(({ panel }) => links(panel).length > 0))(
    "$name leads to boards and variables that there are",
    ({ panel }) => {
      for (const link of links(panel)) {
        const target = BOARDS.find(({ uid }) => link.startsWith(`/d/${uid}/`));
        expect(target, link).toBeDefined();
        const variables = [...link.matchAll(/var-(\w+)=/g)].map(([, name]) => name);
        const had = ["datasource", ...(target?.variables.map(({ name }) => name) ?? [])];
        expect(variables.filter((name) => !had.includes(name ?? ""))).toEqual([]);
        expect(link).toContain("${__url_time_range}");
      }
    },
  );
});

describe("queries", () => {
  it.each(queries)(
    "$name: $expr is scoped, windowed and named as its board demands",
    ({ board, panel, query, expr }) => {
      for (const { functions } of selectorsOf(expanded(expr))) {
        if (panel.kind !== "stat" && panel.kind !== "table" && panel.kind !== "bargauge")
          expect(functions).not.toContain("topk");
      }
      if (panel.kind !== "table" && !query.isInstant) expect(query.legend).toBeDefined();
      for (const [, window] of expr.matchAll(/i?rate\([^[]*\[([^\]]+)\]/g)) {
        expect(["$__rate_interval", "$__range", "1h", "6h"], expr).toContain(window);
      }
      if (board.source === "scraped" && board.variables.length > 0) {
        expect((expr.match(/\{/g) ?? []).length).toBe(
          (expr.match(/job=~"\$job",instance=~"\$instance"/g) ?? []).length,
        );
      }
    },
  );

  it.each(queries)("$name: $expr is shown in the unit that it is in", ({ panel, expr }) => {
    const units = new Set(selectorsOf(expanded(expr)).map(({ metric }) => metricOf(metric)?.unit ?? ""));
    const [only] = units;
    const allowed = units.size === 1 ? SHOWN[only ?? ""] : undefined;
    if (allowed === undefined || panel.kind === "table" || /count/.test(expr)) return;

    expect(allowed).toContain(panel.unit);
  });

  it.each(asked)("$name asks in $expr for what there is, as what it is", ({ expr }) => {
    for (const { metric, labels, functions } of selectorsOf(expanded(expr))) {
      expect(metricOf(metric) !== undefined || metric in PROMETHEUS, metric).toBe(true);
      expect(
        labels.filter((label) => !labelsOf(metric).includes(label)),
        metric,
      ).toEqual([]);
      const type = /_(bucket|sum|count)$/.test(metric) ? "counter" : metricOf(metric)?.type;
      const grows = functions.some((name) => ["rate", "irate", "increase"].includes(name));
      if (grows) expect(type, `${metric} in ${expr}`).toBe("counter");
      if (metric.endsWith("_total") && type === "counter" && !grows) expect(expr).toMatch(/absent\(| - sum\(/);
    }
  });

  it.each(asked)("$name groups in $expr by labels that there are", ({ expr }) => {
    const had = selectorsOf(expanded(expr)).flatMap(({ metric }) => labelsOf(metric));

    expect(groupingsOf(expanded(expr)).filter((label) => !had.includes(label))).toEqual([]);
  });

  it("never put money into a rate", () => {
    const money = asked
      .flatMap(({ expr }) => selectorsOf(expanded(expr)))
      .filter(({ metric }) => metricOf(metric)?.unit === "currency");

    expect(money.length).toBeGreaterThan(50);
    expect(money.filter(({ functions }) => functions.some((name) => /rate|increase|delta|deriv/.test(name)))).toEqual(
      [],
    );
  });

  it("add up amounts of one currency only", () => {
    const mixed = queries.filter(({ expr }) =>
      selectorsOf(expanded(expr)).some(
        ({ metric, labels }) => metricOf(metric)?.unit === "currency" && !labels.includes("currency"),
      ),
    );

    expect(mixed.map(({ name }) => name)).toEqual([]);
  });

  it("ask for nothing but what something feeds", () => {
    const rules = ALERT_GROUPS.flatMap(({ source, alerts }) =>
      alerts.map(({ name, expr }) => ({ source, name, expr })),
    );
    const boards = BOARDS.flatMap((board) =>
      panelsOf(board).flatMap((panel) =>
        panel.queries.map(({ expr }) => ({ source: board.source, name: `${board.uid} ${panel.id}`, expr })),
      ),
    );

    const unfed = [...boards, ...rules].flatMap(({ source, name, expr }) =>
      selectorsOf(expanded(expr))
        .map(({ metric }) => metric)
        .filter((metric) => !isFed(metric, source))
        .map((metric) => `${name}: ${metric}`),
    );

    expect(unfed).toEqual([]);
  });
});

const SERVED: ReadonlySet<string | undefined> = new Set(["readings", "sweep", "rating", "ledger"]);

/** By our API, or by a process of ours or Prometheus itself where that is what is asked. The openstack-exporter's would be nobody's. */
const isFed = (metric: string, source: "served" | "scraped"): boolean =>
  source === "served"
    ? SERVED.has(metricOf(metric)?.origin)
    : metric in PROMETHEUS || metricOf(metric)?.origin === "process" || SERVED.has(metricOf(metric)?.origin);

const labelsOf = (metric: string): readonly string[] => {
  const labels = [...(PROMETHEUS[metric] ?? metricOf(metric)?.labels ?? [])];
  return metricOf(metric)?.origin === "process" || metric in PROMETHEUS ? [...labels, ...SCRAPED] : labels;
};

const links = ({ look }: Panel): readonly string[] =>
  Object.values(look.columns ?? {}).flatMap(({ link }) => link ?? []);

/** The cells of the grid that are not covered exactly once. */
function covered(board: Board): readonly string[] {
  const { panels: built } = dashboardOf(board) as {
    panels: readonly { gridPos: { x: number; y: number; w: number; h: number } }[];
  };
  const cells = new Map<string, number>();
  for (const { gridPos } of built) {
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1)
        cells.set(`${x}:${y}`, (cells.get(`${x}:${y}`) ?? 0) + 1);
    }
  }
  const height = Math.max(...built.map(({ gridPos }) => gridPos.y + gridPos.h));
  const wrong: string[] = [];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < 24; x += 1) if (cells.get(`${x}:${y}`) !== 1) wrong.push(`${x}:${y}`);
  }
  return wrong;
}
