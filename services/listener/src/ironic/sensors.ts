import { isObject, type Payload } from "@raingauge/openstack";
import { writtenReading } from "@raingauge/openstack/sensor-reading";
import { needed, object } from "../fields.ts";
import type { Translation } from "../heard.ts";
import { measured } from "../measured.ts";

/** By the unit that a sensor is read in, as `ipmitool` writes it. */
const METERS: Readonly<Record<string, string>> = {
  "degrees C": "hardware.ipmi.temperature",
  Volts: "hardware.ipmi.voltage",
  Amps: "hardware.ipmi.current",
  RPM: "hardware.ipmi.fan",
};

/** What Ironic was told by a machine's management board, sensor by sensor; one that is switched off tells nothing. */
export const sensors: Translation = (notification, place) => {
  const { payload } = notification;
  const node = needed(payload, "node_uuid");
  const samples = Object.values(object(payload, "payload"))
    .filter(isObject)
    .flatMap((kind) => Object.entries(kind))
    .flatMap(([name, said]) => {
      const read = isObject(said) ? readingOf(said) : undefined;
      const meter = read === undefined ? undefined : METERS[read.unit];
      if (read === undefined || meter === undefined) return [];
      const value = { numerator: read.thousandths, denominator: 1_000n };
      return measured(notification, place, { meter, source: "ironic", resource: `${node}/${name}`, value });
    });
  return { samples, events: [], coverage: [] };
};

const readingOf = (said: Payload) => {
  const written = said["Sensor Reading"];
  return typeof written === "string" ? writtenReading(written) : undefined;
};
