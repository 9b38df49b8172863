import { type Context, ROOT_CONTEXT, SpanKind, trace } from "@opentelemetry/api";
import { parseTraceParent } from "@opentelemetry/core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { type Log, VERSION } from "@raingauge/runtime";
import type { Begun, Tracer } from "../tracer.ts";

export interface OpenTelemetryOptions {
  readonly url: URL;
  readonly oneIn: number;
  readonly service: string;
  readonly log: Log;
}

/** Spans to whatever takes OTLP over HTTP: in batches, in the background, and dropped where nobody takes them. */
export function openTelemetry({ url, oneIn, service, log }: OpenTelemetryOptions): Tracer {
  const exporter = new OTLPTraceExporter({ url: tracesAt(url), timeoutMillis: PATIENCE_MS });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": `raingauge-${service}`, "service.version": VERSION }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(1 / oneIn) }),
    spanProcessors: [new BatchSpanProcessor({ exporter, maxQueueSize: QUEUE_SPANS })],
  });
  const tracer = provider.getTracer("raingauge", VERSION);
  log.info("traces followed", { url: tracesAt(url), oneIn });
  return {
    begin({ name, kind, trace: before, facts = {} }) {
      const span = tracer.startSpan(name, { kind: KINDS[kind], attributes: facts }, contextOf(before));
      const { traceId, spanId, traceFlags } = span.spanContext();
      return {
        trace: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`,
        end: (more = {}) => span.setAttributes(more).end(),
      };
    },
    async [Symbol.asyncDispose]() {
      try {
        await provider.shutdown();
      } catch (error) {
        log.warn("traces lost", { reason: error instanceof Error ? error.message : String(error) });
      }
    },
  };
}

/** Shorter than what a process may take to stop. */
const PATIENCE_MS = 5_000;
const QUEUE_SPANS = 8_192;

const KINDS: Readonly<Record<Begun["kind"], SpanKind>> = {
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
};

/** What somebody else wrote into the header and is no trace begins another. */
function contextOf(before: string | undefined): Context {
  const parent = before === undefined ? null : parseTraceParent(before);
  return parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true });
}

const tracesAt = (url: URL): string => (url.pathname === "/" ? new URL("/v1/traces", url).href : url.href);
