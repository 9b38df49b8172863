/** To another board, with what this row is about, the data source and the time range. */
const drillTo = (uid: string, variables: Readonly<Record<string, string>>): string =>
  `/d/${uid}/?var-datasource=\${datasource}${Object.entries(variables)
    .map(([name, value]) => `&var-${name}=${value}`)
    .join("")}&\${__url_time_range}`;

const field = (name: string): string => `\${__data.fields["${name}"]}`;

export const toProject = (column = "project"): string => drillTo("raingauge-project", { project: field(column) });
export const toInstance = (): string =>
  drillTo("raingauge-instance", { project: field("project"), resource: field("resource") });
export const toHost = (): string => drillTo("raingauge-compute-host", { host: field("host") });
