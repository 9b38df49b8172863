export { type Config, config, POLLER_READERS } from "./config.ts";
export { type HostPoller, pollHost } from "./host.ts";
export { domainOf } from "./libvirt/domain.ts";
export { parseHost } from "./libvirt/domstats.ts";
export { type History, remembered, strangerTo } from "./libvirt/history.ts";
export { type Machine, machineOf } from "./libvirt/machine.ts";
export { samplesOf } from "./libvirt/samples.ts";
export { type PollerMetrics, pollerMetrics } from "./metrics.ts";
