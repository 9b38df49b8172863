import { type Definitions, definitionsReader } from "@raingauge/definitions";
import { type Environment, readConfig } from "@raingauge/runtime";

/**
 * What an operator defined, for the tools: whatever names a meter knows theirs from then on. Throws ConfigError with all that
 * is wrong.
 */
export function definitionsIn({ RAINGAUGE_DEFINITIONS }: Environment): Definitions {
  const env = RAINGAUGE_DEFINITIONS === undefined ? {} : { RAINGAUGE_DEFINITIONS };
  return readConfig(env, { definitions: definitionsReader }).definitions;
}
