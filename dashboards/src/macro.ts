/** What Grafana and a reader's choices put into a query before it is sent. */
export interface Choices {
  readonly range: string;
  readonly interval: string;
  readonly rateInterval: string;
  readonly variables: Readonly<Record<string, string>>;
}

const ANY: Choices = {
  range: "24h",
  interval: "1h",
  rateInterval: "20m",
  variables: { groupby: "project", topn: "10", before: "7d" },
};

/** With everything chosen, so that it can be parsed and asked. */
export const expanded = (text: string, choices: Choices = ANY): string =>
  text
    .replace(/\$__rate_interval|\$\{__rate_interval\}/g, choices.rateInterval)
    .replace(/\$__interval|\$\{__interval\}/g, choices.interval)
    .replace(/\$__range|\$\{__range\}/g, choices.range)
    .replace(
      /\$\{(\w+)\}|\$(\w+)/g,
      (_, braced?: string, bare?: string) => choices.variables[braced ?? bare ?? ""] ?? ".+",
    );

/** The variables that a text names, but for Grafana's own. */
export const variablesIn = (text: string): readonly string[] =>
  [...text.matchAll(/\$\{(\w+)\}|\$(\w+)/g)]
    .map(([, braced, bare]) => braced ?? bare ?? "")
    .filter((name) => !name.startsWith("__"));
