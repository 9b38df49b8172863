import type { Dimensions } from "@raingauge/domain";
import { exactNumber, Written } from "./number.ts";
import type { Refused, Told } from "./told.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * A sample as Ceilometer's `http://` publisher sends it: raw (`name`, `volume`, …), or as a message with its signature
 * (`counter_name`, `counter_volume`, …). What Ceilometer makes a resource of its own, a disk or an interface, is a device of
 * its instance here. Pure.
 */
export function toldByCeilometer(sample: unknown): Told | Refused {
  if (!isFields(sample)) return { code: "malformed", says: "a sample is an object" };
  if ("event_type" in sample) return { code: "malformed", says: "events are heard by the listener, not taken here" };
  const volume = sample["volume"] ?? sample["counter_volume"];
  const value = volume instanceof Written ? exactNumber(volume.text) : undefined;
  if (value === undefined) return { code: "malformed", says: "volume is not a number" };
  const metadata = isFields(sample["resource_metadata"]) ? sample["resource_metadata"] : {};
  const id = textOf(sample["id"] ?? sample["message_id"]);
  const counter = { host: textOf(metadata["instance_host"]) || textOf(metadata["host"]) || "ceilometer" };
  return {
    meter: textOf(sample["name"] ?? sample["counter_name"]),
    project: textOf(sample["project_id"]),
    at: zoned(textOf(sample["timestamp"])),
    value,
    unit: textOf(sample["unit"] ?? sample["counter_unit"]),
    dimensions: dimensionsOf(metadata),
    source: "ceilometer",
    ...(id === "" ? {} : { id }),
    ...subjectOf(textOf(sample["resource_id"]), metadata, counter),
  };
}

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Written);

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** UTC where it does not say: so are all times of Ceilometer's. */
const zoned = (timestamp: string): string =>
  /(Z|[+-]\d\d:?\d\d)$/.test(timestamp) || timestamp === "" ? timestamp : `${timestamp}Z`;

function subjectOf(resource: string, metadata: Fields, counter: { readonly host: string }) {
  const instance = textOf(metadata["instance_id"]);
  if (instance === "" || instance === resource) return { resource, counter };
  const device = textOf(metadata["disk_name"]) || textOf(metadata["vnic_name"]) || textOf(metadata["name"]);
  return { resource: instance, counter: { ...counter, device } };
}

/** Where each dimension stands in the metadata, by the order in which it is looked for. */
const PLACES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  flavor: [["flavor", "name"], ["flavor_name"], ["instance_type"]],
  state: [["status"], ["state"]],
  image: [["image", "id"], ["image_ref"]],
  availability_zone: [["availability_zone"], ["OS-EXT-AZ:availability_zone"]],
  volume_type: [["volume_type"]],
};

/** What a meter has no such dimension for is left out later. */
const dimensionsOf = (metadata: Fields): Dimensions => ({
  ...plainIn(metadata),
  ...Object.fromEntries(
    Object.entries(PLACES).flatMap(([name, places]) => {
      const value = places.map((place) => textOf(valueAt(metadata, place))).find((text) => text !== "");
      return value === undefined ? [] : [[name, value]];
    }),
  ),
});

/** What an operator's own meters call their dimensions, Ceilometer's metadata are called too. */
const plainIn = (metadata: Fields): Dimensions =>
  Object.fromEntries(
    Object.entries(metadata).flatMap(([name, value]) => {
      const text = value instanceof Written ? value.text : textOf(value);
      return text === "" || text.length > DIMENSION_CHARACTERS_MAX || text.includes("\0") ? [] : [[name, text]];
    }),
  );

const DIMENSION_CHARACTERS_MAX = 255;

const valueAt = (fields: Fields, [first = "", ...rest]: readonly string[]): unknown => {
  const value = fields[first];
  if (rest.length === 0) return value;
  return isFields(value) ? valueAt(value, rest) : undefined;
};
