import { count, optional, type Settings, url } from "@raingauge/runtime";

/** How every process finds where traces go; spread into its readers. Without a URL nothing is followed. */
export const TRACE_READERS = {
  /** OTLP over HTTP, e.g. `http://otel-collector:4318`; with a path where it is not `/v1/traces`. */
  tracesUrl: optional(url("TRACES_URL", { schemes: ["http:", "https:"], problems: (given) => passwordIn(given) })),
  /** Of so many traces that begin here one is followed; whoever goes on with a trace does as was begun. */
  tracesOneIn: count("TRACES_ONE_IN", { fallback: 1 }),
} as const;

export type TraceSettings = Settings<typeof TRACE_READERS>;

const passwordIn = ({ username, password }: URL): string[] =>
  username === "" && password === "" ? [] : ["must not carry a user or a password"];
