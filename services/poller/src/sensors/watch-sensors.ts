import { CLOUD, SECOND_MS } from "@raingauge/domain";
import { sampleOf, WireError } from "@raingauge/wire/sent";
import { publisher } from "../publish.ts";
import type { Watch } from "../watch.ts";
import { IpmiFailed, ipmiSensors } from "./ipmitool.ts";
import type { SensorReading } from "./sensor.ts";

export interface SensorWatch extends Watch {
  /** `ipmitool`, by name or path. */
  readonly command: string;
  readonly timeoutSeconds: number;
}

/** A look at the sensors of this host's own board, to be called again and again. What fails is counted, and the next goes on. */
export function sensorWatch(watch: SensorWatch): () => Promise<void> {
  const { region, host, log, metrics, now } = watch;
  const publish = publisher(watch);
  return async () => {
    const at = now();
    const told = ({ meter, sensor, value }: SensorReading) =>
      sampleOf({
        ...{ region, meter, value, at, project: CLOUD, resource: `${host}/${sensor}`, source: "ipmi", dimensions: {} },
        ...{ origin: "poll", stance: "states", sequence: at * 1_000, message: `ipmi/${host}/${at}` },
      });
    try {
      const read = await ipmiSensors(watch);
      const kept = read.filter(({ value }) => value >= 0n);
      metrics.sensorsRefused.add(read.length - kept.length);
      await publish({ samples: kept.map(told), events: [], coverage: [] }, "ipmi");
      metrics.looksFinished.add(1, { source: "ipmi" });
      metrics.lastLook.set(at / SECOND_MS, { source: "ipmi" });
    } catch (error) {
      if (!(error instanceof IpmiFailed || error instanceof WireError)) throw error;
      const reason = error instanceof IpmiFailed ? error.reason : error.code;
      metrics.looksFailed.add(1, { source: "ipmi", reason });
      log.error("sensors not read", { reason, error });
    }
  };
}
