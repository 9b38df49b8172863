import type { Log } from "@raingauge/runtime";
import type { TraceSettings } from "./settings.ts";
import { silentTracer, type Tracer } from "./tracer.ts";

export interface Following extends TraceSettings {
  /** The process that it is. */
  readonly service: string;
  readonly log: Log;
}

/** Follows where the settings say so. The libraries that it takes are loaded only then. */
export async function openTracer({ tracesUrl, tracesOneIn, service, log }: Following): Promise<Tracer> {
  if (tracesUrl === undefined) return silentTracer;
  const { openTelemetry } = await import("./opentelemetry/opentelemetry.ts");
  return openTelemetry({ url: tracesUrl, oneIn: tracesOneIn, service, log });
}
