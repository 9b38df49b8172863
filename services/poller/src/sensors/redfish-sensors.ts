import { linkIn, type Payload, type Redfish } from "@raingauge/openstack";
import { items, label, part } from "../central/dials/said.ts";
import {
  CURRENT,
  FAN,
  FAN_DUTY,
  type Measure,
  numbered,
  POWER,
  type SensorReading,
  sensorReading,
  TEMPERATURE,
  VOLTAGE,
} from "./sensor.ts";

/** Every sensor of every chassis of a board, by whichever of the two ways the board tells them. Throws ApiError. */
export async function redfishSensors(board: Pick<Redfish, "get">): Promise<SensorReading[]> {
  const root = await board.get("/redfish/v1/");
  const chassis = linkIn(root, "Chassis");
  if (chassis === undefined) return [];
  const found: Named[] = [];
  for (const path of memberPaths(await board.get(chassis))) {
    const one = await board.get(path);
    found.push(...(await chassisSensors(board, one, isExpanding(root))));
  }
  return numbered(found).map(({ name, measure, reading }) => sensorReading(measure, name, reading));
}

interface Named {
  readonly name: string;
  readonly measure: Measure;
  /** In thousandths. */
  readonly reading: bigint;
}

/**
 * Newer boards keep a list of sensors, which takes one question where they can be had in full, and else one for each; older
 * ones tell of power and of what is warm in an answer each. What takes the fewest questions is asked.
 */
async function chassisSensors(board: Pick<Redfish, "get">, chassis: Payload, expands: boolean): Promise<Named[]> {
  const [sensors, power, thermal] = ["Sensors", "Power", "Thermal"].map((name) => linkIn(chassis, name));
  const prefix = label(chassis, "Id");
  const isOlder = power !== undefined || thermal !== undefined;
  const told =
    sensors !== undefined && (expands || !isOlder)
      ? await listed(board, sensors, expands)
      : [...powers(await answer(board, power)), ...temperatures(await answer(board, thermal))];
  const environment = environmentOf(await answer(board, linkIn(chassis, "EnvironmentMetrics")), told);
  return [...told, ...environment].map((each) => ({ ...each, name: `${prefix}/${each.name}` }));
}

const answer = async (board: Pick<Redfish, "get">, path: string | undefined): Promise<Payload> =>
  path === undefined ? {} : await board.get(path);

const isExpanding = (root: Payload): boolean => {
  const { NoLinks, ExpandAll } = part(part(root, "ProtocolFeaturesSupported"), "ExpandQuery");
  return NoLinks === true || ExpandAll === true;
};

/** A list of thousands is a mistake of the board's, and would take it an hour. */
const MEMBERS_MAX = 1_000;

async function listed(board: Pick<Redfish, "get">, path: string, expands: boolean): Promise<Named[]> {
  const found: Named[] = [];
  let next: string | undefined = expands ? `${path}?$expand=.($levels=1)` : path;
  for (let count = 0; next !== undefined && count < MEMBERS_MAX; ) {
    const page: Payload = await board.get(next);
    for (const member of items(page, "Members")) {
      count += 1;
      const link = label(member, "@odata.id");
      found.push(...sensor("ReadingType" in member || link === "" ? member : await board.get(link)));
    }
    next = label(page, "Members@odata.nextLink") || undefined;
  }
  return found;
}

const memberPaths = (list: Payload): string[] =>
  items(list, "Members")
    .map((each) => label(each, "@odata.id"))
    .filter((path) => path !== "");

const BY_TYPE: ReadonlyMap<string, Measure> = new Map([
  ["Temperature", TEMPERATURE],
  ["Voltage", VOLTAGE],
  ["Current", CURRENT],
  ["Power", POWER],
  ["Rotational", FAN],
]);

/** How fast a fan turns is told as `Rotational`, or how hard it is driven as a percentage of what it could. */
function sensor(said: Payload): Named[] {
  const isFan = label(said, "PhysicalContext") === "Fan";
  const type = label(said, "ReadingType");
  const measure = type === "Percent" && isFan ? FAN_DUTY : BY_TYPE.get(type);
  return measure === undefined ? [] : read(measure, said, "Reading", label(said, "Name") || label(said, "Id"));
}

const nameOf = (said: Payload): string => label(said, "Name") || label(said, "FanName") || label(said, "MemberId");

const powers = (said: Payload): Named[] => [
  ...items(said, "PowerControl").flatMap((each) => read(POWER, each, "PowerConsumedWatts", nameOf(each))),
  ...items(said, "Voltages").flatMap((each) => read(VOLTAGE, each, "ReadingVolts", nameOf(each))),
];

const temperatures = (said: Payload): Named[] => [
  ...items(said, "Temperatures").flatMap((each) => read(TEMPERATURE, each, "ReadingCelsius", nameOf(each))),
  ...items(said, "Fans").flatMap((each) =>
    read(label(each, "ReadingUnits") === "Percent" ? FAN_DUTY : FAN, each, "Reading", nameOf(each)),
  ),
];

/** What the chassis takes in all, unless a sensor has told it already. */
const environmentOf = (said: Payload, told: readonly Named[]): Named[] =>
  told.some(({ measure }) => measure === POWER) ? [] : read(POWER, part(said, "PowerWatts"), "Reading", "PowerWatts");

/** A sensor that is not fitted, or is switched off, keeps its place and reads nothing. */
function read(measure: Measure, said: Payload, field: string, name: string): Named[] {
  const value = said[field];
  const state = label(part(said, "Status"), "State");
  if (typeof value !== "number" || (state !== "" && state !== "Enabled") || name === "") return [];
  const thousandths = Math.round(value * 1_000);
  return Number.isSafeInteger(thousandths) ? [{ name, measure, reading: BigInt(thousandths) }] : [];
}
