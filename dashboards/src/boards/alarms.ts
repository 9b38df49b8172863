import type { Board, Row } from "../board.ts";
import { bars, ranking, redAbove, stat, states, table } from "../panel.ts";

const OURS = 'alertname=~"Raingauge.*"';
const CALM = "Empty while nothing fires, as it should be.";
const AODH = "Only where a central poller sweeps Aodh.";

const NOW: Row = {
  title: "Now",
  panels: [
    stat(
      101,
      "Firing",
      "none",
      `count(ALERTS{${OURS},alertstate="firing",severity!="none"}) or vector(0)`,
      "How many alerts fire?",
      { width: 6, look: { thresholds: redAbove(1) } },
    ),
    stat(
      102,
      "Pending",
      "none",
      `count(ALERTS{${OURS},alertstate="pending"}) or vector(0)`,
      "How many wait for their time to be up?",
      { width: 6, look: { thresholds: ["green", [1, "orange"]] } },
    ),
    stat(
      103,
      "Critical",
      "none",
      `count(ALERTS{${OURS},alertstate="firing",severity="critical"}) or vector(0)`,
      "How many must be dealt with at once?",
      { width: 6, look: { thresholds: redAbove(1) } },
    ),
    stat(
      104,
      "Watchdog",
      "none",
      'count(ALERTS{alertname="RaingaugeWatchdog",alertstate="firing"}) or vector(0)',
      "Are rules evaluated at all? 1 is good.",
      {
        width: 6,
        act: "0: whatever evaluates the rules is down; then nothing on this board can be believed.",
        look: { thresholds: ["red", [1, "green"]] },
      },
    ),
    table(105, "What fires", "none", `ALERTS{${OURS},severity!="none"}`, "What fires or waits, for whom, and where?", {
      height: 9,
      mayBeEmpty: CALM,
      look: {
        columns: {
          __name__: { isHidden: true },
          alertname: { name: "Alert" },
          alertstate: { name: "State" },
          severity: { name: "Severity" },
          team: { name: "Team" },
          instance: { name: "Instance" },
          job: { name: "Job" },
          Value: { isHidden: true },
        },
      },
    }),
  ],
};

const HISTORY: Row = {
  title: "History",
  panels: [
    states(
      201,
      "When each fired",
      "none",
      [{ expr: `max by (alertname) (ALERTS{${OURS},alertstate="firing",severity!="none"})`, legend: "{{alertname}}" }],
      "When did what fire, and for how long?",
      { height: 10, mayBeEmpty: CALM, look: { words: { "1": { text: "firing", color: "red" } } } },
    ),
    ranking(
      202,
      "Most often in this range",
      "none",
      [
        {
          expr: `topk(10, sum by (alertname) (count_over_time(ALERTS{${OURS},alertstate="firing",severity!="none"}[$__range])))`,
          legend: "{{alertname}}",
        },
      ],
      "Which alerts fire long or again and again? Counted in evaluations.",
      { width: 12, mayBeEmpty: CALM },
    ),
    bars(
      203,
      "Firing by team",
      "none",
      [{ expr: `count by (team) (ALERTS{${OURS},alertstate="firing",severity!="none"})`, legend: "{{team}}" }],
      "Who has work?",
      { width: 12, mayBeEmpty: CALM },
    ),
  ],
};

const AODH_ROW: Row = {
  title: "Aodh",
  panels: [
    table(
      301,
      "Evaluations by Aodh",
      "none",
      "sum by (resource) (ceilometer_alarm_evaluation_result)",
      "What do Aodh's own alarms say? For clouds that still run it; needs the query API as the data source.",
      {
        height: 7,
        mayBeEmpty: AODH,
        look: { columns: { resource: { name: "Alarm" }, Value: { name: "Evaluations" } } },
      },
    ),
    stat(
      302,
      "Rules that fire without a team",
      "none",
      `count(ALERTS{${OURS},alertstate="firing",team=""}) or vector(0)`,
      "Does an alert reach nobody?",
      { width: 24, height: 3, look: { thresholds: redAbove(1) } },
    ),
  ],
};

export const ALARMS: Board = {
  uid: "raingauge-alarms",
  title: "Raingauge / Alarms",
  audience: "ops",
  source: "scraped",
  answers:
    "What fires, since when, and how often? From whatever evaluates the rules: Prometheus, or vmalert with a remote write.",
  from: "now-24h",
  refresh: "1m",
  timezone: "browser",
  variables: [],
  rows: [NOW, HISTORY, AODH_ROW],
};
