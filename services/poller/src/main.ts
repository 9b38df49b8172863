import { config } from "./config.ts";

// What asks the APIs, and what definitions need, is loaded only where it is wanted: on a compute node every megabyte is the
// tenants'.
const { RAINGAUGE_POLLER_ROLE: role, RAINGAUGE_DEFINITIONS: definitions = "" } = process.env;
if (role === "central") await (await import("./central/run-central.ts")).runCentral();
else if (definitions.trim() !== "") await (await import("./dynamic/run-host.ts")).runHostDefined();
else await (await import("./run-host.ts")).runHost(config, () => undefined);
