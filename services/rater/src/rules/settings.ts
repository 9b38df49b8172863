import { optional, type Secret, secretFile, url } from "@raingauge/runtime";

/** Who evaluates rules. */
export interface RulesSettings {
  /** A vmalert or a Prometheus, up to `/api/v1/rules`. */
  readonly rulesUrl?: URL | undefined;
  readonly rulesToken?: Secret | undefined;
}

export const RULES_READERS = {
  rulesUrl: optional(url("RULES_URL", { schemes: ["http:", "https:"] })),
  rulesToken: optional(secretFile("RULES_TOKEN")),
};
