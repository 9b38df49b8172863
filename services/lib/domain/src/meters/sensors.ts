import type { Meter } from "../meter.ts";
import { gauge, heard, sensed } from "./row.ts";
import { AMPERES, CELSIUS, each, PERCENT, type Unit, VOLTS, WATTS } from "./unit.ts";

/** Of the hardware that a cloud stands on. To be looked at: no project owns it. */
const sensor = (name: string, of: Unit, event?: string): Meter =>
  gauge(name, {
    of,
    type: "ipmi_sensor",
    sources: [sensed("ipmitool, Redfish"), ...(event === undefined ? [] : [heard(event)])],
    isPriceable: false,
  });

export const SENSORS: readonly Meter[] = [
  sensor("hardware.ipmi.temperature", CELSIUS, "hardware.ipmi.*"),
  sensor("hardware.ipmi.voltage", VOLTS, "hardware.ipmi.*"),
  sensor("hardware.ipmi.current", AMPERES, "hardware.ipmi.*"),
  sensor("hardware.ipmi.fan", each("RPM"), "hardware.ipmi.*"),
  /** How hard a fan is driven, where its board does not tell how fast it turns. */
  sensor("hardware.ipmi.fan.duty", PERCENT),
  sensor("hardware.ipmi.power", WATTS),
];
