import { FieldType, toDataFrame } from "@grafana/data";
import { RuntimeDataSource } from "@grafana/scenes";
import { from } from "rxjs";

/** Asks the query API as Grafana's own data source does. (That one's licence keeps it out of here.) */
export class Prometheus extends RuntimeDataSource {
  #scrape;
  #template;
  constructor(uid, scrapeSeconds, template) {
    super("prometheus", uid);
    this.#scrape = scrapeSeconds;
    this.#template = template;
  }

  query(request) {
    return from(this.#answers(request));
  }

  async metricFindQuery(query, options) {
    const text = this.#template(typeof query === "string" ? query : query.query, options?.scopedVars);
    const [, inner, label] = /^(?:label_values|query_result)\((.*?)(?:, (\w+))?\)$/.exec(text);
    const to = Math.floor(options.range.to.valueOf() / 1000);
    const { result } = await post("query", { query: `last_over_time(${inner}[1d])`, time: to });
    if (label === undefined)
      return result.map(({ metric }) => ({
        text: `{${Object.entries(metric)
          .map(([k, v]) => `${k}="${v}"`)
          .join(",")}}`,
      }));
    return [...new Set(result.map(({ metric }) => metric[label]).filter(Boolean))]
      .sort()
      .map((value) => ({ text: value }));
  }

  async #answers(request) {
    const data = [];
    for (const target of request.targets) data.push(...(await this.#answer(target, request)));
    return { data, state: "Done" };
  }

  async #answer(target, request) {
    const to = Math.floor(request.range.to.valueOf() / 1000);
    const length = to - Math.floor(request.range.from.valueOf() / 1000);
    const least = target.interval ? seconds(target.interval) : this.#scrape;
    const step = Math.max(least, Math.ceil(length / (request.maxDataPoints ?? 1000) / 60) * 60);
    const query = this.#template(
      target.expr
        .replaceAll("$__rate_interval", `${Math.max(step + this.#scrape, 4 * this.#scrape)}s`)
        .replaceAll("$__interval", `${step}s`)
        .replaceAll("$__range", `${length}s`),
      request.scopedVars,
    );
    if (target.instant) {
      const { result, resultType } = await post("query", { query, time: to });
      const vector = resultType === "scalar" ? [{ metric: {}, value: result }] : result;
      return target.format === "table"
        ? [tableOf(vector, target, request)]
        : vector.map((series) => frameOf(series, [series.value], target));
    }
    const { result } = await post("query_range", {
      query,
      start: Math.floor((to - length) / step) * step,
      end: Math.floor(to / step) * step,
      step,
    });
    return result.map((series) => frameOf(series, series.values, target));
  }
}

async function post(path, form) {
  const response = await fetch(`/api/v1/${path}`, { method: "POST", body: new URLSearchParams(form) });
  const body = await response.json();
  if (body.status !== "success") throw new Error(body.error);
  return body.data;
}

const seconds = (text) => Number.parseInt(text, 10) * { s: 1, m: 60, h: 3600, d: 86_400 }[text.at(-1)];

function frameOf({ metric }, values, target) {
  const { __name__: name, ...labels } = metric;
  const legend =
    target.legendFormat && target.legendFormat !== "__auto"
      ? target.legendFormat.replace(/\{\{(\w+)\}\}/g, (_, label) => labels[label] ?? "")
      : undefined;
  return toDataFrame({
    refId: target.refId,
    name: legend,
    fields: [
      { name: "Time", type: FieldType.time, values: values.map(([at]) => at * 1000) },
      {
        name: legend ?? name ?? "Value",
        type: FieldType.number,
        labels,
        values: values.map(([, text]) => Number(text)),
        config: legend ? { displayNameFromDS: legend } : {},
      },
    ],
  });
}

function tableOf(vector, target, request) {
  const names = [...new Set(vector.flatMap(({ metric }) => Object.keys(metric)))];
  const value = request.targets.length > 1 ? `Value #${target.refId}` : "Value";
  return toDataFrame({
    refId: target.refId,
    fields: [
      { name: "Time", type: FieldType.time, values: vector.map(({ value: [at] }) => at * 1000) },
      ...names.map((name) => ({
        name,
        type: FieldType.string,
        values: vector.map(({ metric }) => metric[name] ?? ""),
      })),
      { name: value, type: FieldType.number, values: vector.map(({ value: [, text] }) => Number(text)) },
    ],
  });
}
