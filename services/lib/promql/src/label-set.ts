export const NAME = "__name__";

/** The labels of a series: sorted, none of them empty. Equal sets have equal keys. */
export interface LabelSet {
  readonly key: string;
  readonly labels: ReadonlyMap<string, string>;
}

export function labelSet(entries: Iterable<readonly [string, string]>): LabelSet {
  const sorted = [...entries].filter(([, value]) => value !== "").sort(([a], [b]) => (a < b ? -1 : 1));
  return { key: sorted.map(([name, value]) => `${name}\u0001${value}\u0002`).join(""), labels: new Map(sorted) };
}

export const NO_LABELS: LabelSet = labelSet([]);

export const keeping = ({ labels }: LabelSet, names: readonly string[]): LabelSet =>
  labelSet(names.map((name) => [name, labels.get(name) ?? ""] as const));

export const dropping = ({ labels }: LabelSet, names: readonly string[]): LabelSet =>
  labelSet([...labels].filter(([name]) => !names.includes(name)));

export const unnamed = (set: LabelSet): LabelSet => (set.labels.has(NAME) ? dropping(set, [NAME]) : set);

export const replacing = ({ labels }: LabelSet, name: string, value: string): LabelSet =>
  labelSet(new Map(labels).set(name, value));

/** As Prometheus prints it in an error: `{a="b"}`. */
export function printed({ labels }: LabelSet): string {
  const pairs = [...labels]
    .filter(([name]) => name !== NAME)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `${labels.get(NAME) ?? ""}{${pairs.join(", ")}}`;
}
