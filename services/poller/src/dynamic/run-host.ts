import { type Environment, readConfig } from "@raingauge/runtime";
import { POLLER_READERS } from "../config.ts";
import { runHost } from "../run-host.ts";
import { definedReader } from "./defined-reader.ts";
import { hostDefined } from "./host-defined.ts";

/** The poller of a compute node for which an operator defined something: more than that costs every node its megabytes. */
export const runHostDefined = (): Promise<void> =>
  runHost(
    (env: Environment) => readConfig(env, { definitions: definedReader, ...POLLER_READERS }),
    ({ definitions }) => hostDefined(definitions),
  );
