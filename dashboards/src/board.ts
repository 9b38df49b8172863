import type { Source } from "./alert.ts";
import type { Panel } from "./panel.ts";
import type { Variable } from "./variable.ts";

export interface Board {
  /** Never changes: links, alerts and provisioning point at it. */
  readonly uid: string;
  readonly title: string;
  readonly audience: "ops" | "usage" | "billing";
  readonly source: Source;
  readonly answers: string;
  readonly from: string;
  readonly to?: string;
  readonly refresh: string;
  /** `utc` where money is shown by days and months, as bills have them. */
  readonly timezone: "browser" | "utc";
  readonly variables: readonly Variable[];
  readonly rows: readonly Row[];
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

export const panelsOf = ({ rows }: Board): readonly Panel[] => rows.flatMap(({ panels }) => panels);
