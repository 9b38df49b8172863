import type { Source } from "@raingauge/promql";

/** Several sources as one. */
export const joined = (...sources: readonly Source[]): Source => ({
  select: async (...asked) => (await Promise.all(sources.map((source) => source.select(...asked)))).flat(),
  series: async (...asked) => (await Promise.all(sources.map((source) => source.series(...asked)))).flat(),
});
