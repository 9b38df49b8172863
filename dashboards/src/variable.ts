/** What a reader chooses at the top of a board. The choice of a data source is on every board and not listed. */
export interface Variable {
  readonly name: string;
  readonly label: string;
  readonly kind: "query" | "custom" | "textbox";
  /** A query, the choices, or the text to begin with. */
  readonly query: string;
  readonly regex?: string;
  readonly isMulti?: boolean;
  readonly hasAll?: boolean;
  readonly isHidden?: boolean;
}

/** Everything of a label, all of it chosen to begin with. */
const many = (name: string, label: string, query: string, regex?: string): Variable => ({
  name,
  label,
  kind: "query",
  query,
  isMulti: true,
  hasAll: true,
  ...(regex === undefined ? {} : { regex }),
});

const one = (name: string, label: string, query: string, regex?: string): Variable => ({
  name,
  label,
  kind: "query",
  query,
  ...(regex === undefined ? {} : { regex }),
});

export const REGION = many("region", "Region", "label_values(ceilometer_vcpus, region)");

export const PROJECTS = many("project", "Project", "label_values(raingauge_usage, project)");
export const PROJECT = one("project", "Project", "label_values(raingauge_usage, project)");
/** Amounts of different currencies are never added up, so exactly one is chosen. */
export const CURRENCY = one("currency", "Currency", "label_values(raingauge_cost, currency)");
export const HOST = one("host", "Host", "label_values(ceilometer_cpu, host)");
export const RESOURCE = one("resource", "Resource", 'label_values(raingauge_usage{project="$project"}, resource)');
export const SERVICE = many("service", "Service", 'label_values(raingauge_cost{project=~"$project"}, service)');
export const METER = many(
  "meter",
  "Meter",
  'label_values(raingauge_cost{project=~"$project",service=~"$service"}, meter)',
);
export const GROUP_BY: Variable = {
  name: "groupby",
  label: "By",
  kind: "custom",
  query: "project,service,meter,sku,resource,region",
};
export const TOP: Variable = { name: "topn", label: "Top", kind: "custom", query: "10,5,25" };
export const BEFORE: Variable = { name: "before", label: "Compared with", kind: "custom", query: "7d,1d,30d" };
export const JOB = many("job", "Job", 'label_values(process_start_time_seconds{job=~"raingauge.*"}, job)');
export const INSTANCE = many("instance", "Instance", 'label_values(process_start_time_seconds{job=~"$job"}, instance)');
