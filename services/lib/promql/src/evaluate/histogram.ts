import { dropping, NAME } from "../label-set.ts";
import { bucketQuantile } from "./quantile.ts";
import { emptyLine, type Line, put } from "./value.ts";

/** A classic histogram is a series for each `le`. */
export function histogramQuantile(q: Float64Array, lines: readonly Line[], count: number): Line[] {
  const bounded = lines.flatMap((line) => {
    const upTo = boundOf(line.labels.labels.get("le"));
    return upTo === undefined ? [] : [{ line, upTo, labels: dropping(line.labels, ["le", NAME]) }];
  });
  return [...Map.groupBy(bounded, ({ labels }) => labels.key).values()].map((buckets) => {
    const [{ labels }] = buckets as [(typeof buckets)[number]];
    const made = emptyLine(labels, count);
    for (let step = 0; step < count; step += 1) {
      const present = buckets
        .filter(({ line }) => line.present[step] === 1)
        .map(({ line, upTo }) => ({ upTo, count: line.values[step] ?? 0 }));
      if (present.length > 0) put(made, step, bucketQuantile(q[step] ?? Number.NaN, present));
    }
    return made;
  });
}

function boundOf(text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  if (/^\+?inf$/i.test(text)) return Number.POSITIVE_INFINITY;
  const value = Number(text);
  return Number.isNaN(value) ? undefined : value;
}
