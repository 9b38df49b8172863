import { readFileSync } from "node:fs";
import { END } from "./cloud/series.ts";
import type { Served } from "./served.ts";

/** A request as Grafana's data source makes it, of a panel, of a variable, of its settings page. */
export interface Logged {
  readonly why: string;
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly type?: string;
}

export const REQUESTS = JSON.parse(
  readFileSync(new URL("./grafana-requests.json", import.meta.url), "utf8")
    .replaceAll("$START", String(END - 6 * 3600))
    .replaceAll("$END", String(END)),
) as readonly Logged[];

export interface Reply {
  readonly code: number;
  readonly body: {
    readonly status: string;
    readonly data: { readonly resultType?: string; readonly result?: unknown } | readonly unknown[];
  };
}

export async function replayed(api: Served, { method, path, form, headers = {} }: Logged): Promise<Reply> {
  const grafana = { "x-grafana-org-id": "1", "x-dashboard-uid": "raingauge-project", "x-panel-id": "201", ...headers };
  const answer = await api.inject({
    method,
    url: `/prometheus/api/v1/${path}`,
    headers: { ...grafana, ...(form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }) },
    ...(form === undefined ? {} : { payload: new URLSearchParams(form).toString() }),
  });
  return { code: answer.statusCode, body: answer.json() as Reply["body"] };
}
