export { tracedBus } from "./bus.ts";
export { openTracer } from "./open.ts";
export { TRACE_READERS } from "./settings.ts";
export { type Facts, type Span, silentTracer, type Tracer } from "./tracer.ts";
