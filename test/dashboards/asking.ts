import { type Board, expanded, type Panel, type Query } from "@raingauge/dashboards";
import { CLOUD } from "@raingauge/domain";
import { END } from "./cloud/series.ts";

export interface Answer {
  readonly labels: Readonly<Record<string, string>>;
  readonly values: readonly number[];
}

/** Asks as Grafana's Prometheus data source does: form-encoded POST, aligned steps, macros and choices put in. */
export class Grafana {
  readonly #answering: Answering;
  readonly #choices = new Map<string, Promise<Readonly<Record<string, string>>>>();
  constructor(answering: Answering) {
    this.#answering = answering;
  }

  /** What a reader sees on opening the board: everything where all may be chosen, else the first. Asked once for each board. */
  choices(board: Board): Promise<Readonly<Record<string, string>>> {
    const chosen = this.#choices.get(board.uid) ?? this.#chosen(board);
    this.#choices.set(board.uid, chosen);
    return chosen;
  }

  async #chosen(board: Board): Promise<Readonly<Record<string, string>>> {
    const chosen: Record<string, string> = {};
    for (const { name, kind, query, hasAll, regex } of board.variables) {
      if (kind === "query") chosen[name] = hasAll === true ? ".+" : await this.#first(query, regex, chosen);
      else chosen[name] = query.split(",")[0] ?? "";
    }
    return chosen;
  }

  async ask(
    board: Board,
    panel: Panel,
    query: Query,
    variables: Readonly<Record<string, string>>,
  ): Promise<readonly Answer[]> {
    const range = rangeOf(panel.look.timeFrom ?? board.from);
    const scrape = board.source === "served" ? 300 : 60;
    const least = query.interval === undefined ? scrape : secondsIn(query.interval);
    const step = Math.max(least, Math.ceil(range / 1000 / 60) * 60);
    const expr = expanded(query.expr, {
      range: `${range}s`,
      interval: `${step}s`,
      rateInterval: `${Math.max(step + scrape, 4 * scrape)}s`,
      variables,
    });
    if (query.isInstant === true) return this.instant(expr);
    const start = Math.floor((END - range) / step) * step;
    const end = Math.floor(END / step) * step;
    return this.#post("query_range", { query: expr, start: String(start), end: String(end), step: String(step) });
  }

  instant(query: string): Promise<readonly Answer[]> {
    return this.#post("query", { query, time: String(END) });
  }

  async #first(query: string, regex: string | undefined, chosen: Readonly<Record<string, string>>): Promise<string> {
    const [, inner = "", label] = /^(?:label_values|query_result)\((.*?)(?:, (\w+))?\)$/.exec(query) ?? [];
    const answers = await this.instant(
      expanded(`last_over_time(${inner}[1d])`, { range: "1d", interval: "5m", rateInterval: "20m", variables: chosen }),
    );
    const name = label ?? /\|(\w+)="\(\?<value>/.exec(regex ?? "")?.[1] ?? "";
    const values = answers.map(({ labels }) => labels[name] ?? "").filter((value) => value !== "");
    // Of resources a machine: it has the most to show.
    return values.sort().find((value) => value.startsWith("vm-")) ?? values.find((value) => value !== CLOUD) ?? "";
  }

  async #post(path: string, form: Readonly<Record<string, string>>): Promise<readonly Answer[]> {
    const body = JSON.parse(await this.#answering(path, form)) as Reply;
    if (body.status !== "success") throw new Error(`${form["query"]}: ${body.error}`);
    if (body.data.resultType === "scalar") return [{ labels: {}, values: [Number(body.data.result[1])] }];
    return body.data.result.map(({ metric, value, values = [] }) => ({
      labels: metric,
      values: [...(value === undefined ? [] : [value]), ...values].map(([, text]) => Number(text)),
    }));
  }
}

/** What answers a form, as text: a server somewhere, or an engine right here. */
export type Answering = (path: string, form: Readonly<Record<string, string>>) => Promise<string>;

export const over =
  (url: string): Answering =>
  async (path, form) =>
    (await fetch(`${url}/api/v1/${path}`, { method: "POST", body: new URLSearchParams(form) })).text();

type Reply = { readonly status: "error"; readonly error: string } | { readonly status: "success"; readonly data: Data };

type Data =
  | { readonly resultType: "scalar"; readonly result: readonly [number, string] }
  | {
      readonly resultType: "vector" | "matrix";
      readonly result: readonly {
        readonly metric: Readonly<Record<string, string>>;
        readonly value?: readonly [number, string];
        readonly values?: readonly (readonly [number, string])[];
      }[];
    };

const secondsIn = (text: string): number =>
  Number(/^\d+/.exec(text)?.[0]) * { m: 60, h: 3600, d: 86_400 }[text.at(-1) as "m" | "h" | "d"];

/** `now-7d` and `now/d`, in UTC, as seconds back from the end. */
function rangeOf(from: string): number {
  const [, count = ""] = /^now-(\d+[mhd])$/.exec(from) ?? [];
  if (count !== "") return secondsIn(count);
  const end = new Date(END * 1000);
  const start =
    from === "now/M"
      ? Date.UTC(end.getUTCFullYear(), end.getUTCMonth())
      : Date.UTC(end.getUTCFullYear(), end.getUTCMonth(), end.getUTCDate());
  return END - start / 1000;
}
