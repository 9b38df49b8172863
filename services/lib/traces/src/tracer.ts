/** What is known of a piece of work, in the words of OpenTelemetry's conventions where they have one. Never anything secret. */
export type Facts = Readonly<Record<string, string | number | boolean>>;

/** One piece of work, from when it began until it is told to have ended. */
export interface Span {
  /** What whoever goes on with the work is handed, as a W3C `traceparent`; undefined where nobody follows it. */
  readonly trace: string | undefined;
  end(facts?: Facts): void;
}

export interface Begun {
  readonly name: string;
  /** Whether it hands work over to another process, is handed it, or does it. */
  readonly kind: "producer" | "consumer" | "internal";
  /** The trace that it goes on with; without one it begins another. */
  readonly trace?: string | undefined;
  readonly facts?: Facts;
}

/** Follows work from process to process. Nothing that it does can fail the work. */
export interface Tracer extends AsyncDisposable {
  begin(begun: Begun): Span;
}

/** Follows nothing, and costs nothing; a trace that comes in is handed on as it is. */
export const silentTracer: Tracer = {
  begin: ({ trace }) => ({ trace, end: () => undefined }),
  [Symbol.asyncDispose]: async () => undefined,
};
