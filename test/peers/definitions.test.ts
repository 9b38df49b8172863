import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import {
  type Converted,
  convert,
  type Definitions,
  filesOf,
  type Message,
  messageOf,
  readDefinitions,
  traitsOf,
} from "@raingauge/definitions";
import { openEnvelope } from "@raingauge/openstack";
import { describe, expect, it } from "vitest";

/** Installed, or unpacked with `dpkg -x` into the folder that CEILOMETER_TREE names. */
const PACKAGES = join(process.env["CEILOMETER_TREE"] ?? "/", "usr/lib/python3/dist-packages");
const METERS = join(PACKAGES, "ceilometer/data/meters.d/meters.yaml");
const EVENTS = join(PACKAGES, "ceilometer/pipeline/data/event_definitions.yaml");
const reason = [METERS, EVENTS].every(existsSync) ? undefined : "apt-get install python3-ceilometer";

/** What either makes of one notification, in words that can be held against each other. */
interface Made {
  readonly samples: readonly string[];
  readonly traits: object;
}

describe.skipIf(reason !== undefined)(
  `Ceilometer's own converters${reason === undefined ? "" : ` (skipped: ${reason})`}`,
  () => {
    it("make the same samples and traits of a real cloud's notifications as its files do here", () => {
      const { definitions, problems } = readDefinitions([METERS, EVENTS].flatMap(filesOf));
      const messages = captured();

      const ours = messages.map((message) => made(definitions, message));
      const theirs = converted(definitions, messages);

      expect(problems).toEqual([]);
      expect(theirs.flatMap(({ samples }) => samples).length).toBeGreaterThan(500);
      expect(ours).toEqual(theirs);
    });
  },
);

/** Without their context: Ceilometer's path to who asked, where a definition names nobody, reads as another one and finds nothing. */
const captured = (): readonly Message[] =>
  gunzipSync(readFileSync(new URL("../captures/notifications.jsonl.gz", import.meta.url)))
    .toString()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => ({ ...messageOf(openEnvelope(JSON.parse(line).body)), ctxt: {} }));

function made(definitions: Definitions, message: Message): Made {
  const samples = definitions.aside
    .filter(({ definition }) => definition.hears(message.event_type))
    .flatMap(({ definition }) => convert(definition, message))
    .flatMap((each) => ("nothing" in each ? [] : [told(each)]));
  const event = eventOf(definitions, message);
  return {
    samples: samples.toSorted(),
    traits: event === undefined ? {} : timed(event, traitsOf(event, message).traits),
  };
}

const told = ({ name, resource, project, user, volume, unit, metadata }: Converted): string =>
  said([name, resource, project, user, Number(volume.numerator) / Number(volume.denominator), unit], metadata);

const said = (fields: readonly unknown[], metadata: object): string =>
  JSON.stringify([fields.map((field) => field ?? null), inOrder(metadata)]);

const inOrder = (values: object): object =>
  Object.fromEntries(Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1)));

const eventOf = ({ events }: Definitions, message: Message): Definitions["events"][number] | undefined =>
  events.findLast(({ hears }) => hears(message.event_type));

/** Traits of the definition's own, without those that Ceilometer adds to all; times by their instant and not by how it is written. */
const timed = ({ traits }: Definitions["events"][number], values: Readonly<Record<string, string>>): object =>
  inOrder(
    Object.fromEntries(
      traits.flatMap(({ name, type }) => {
        const value = values[name];
        return value === undefined ? [] : [[name, type === "datetime" ? instantOf(value) : value]];
      }),
    ),
  );

const instantOf = (value: string): number =>
  Date.parse(`${value.replace(" ", "T")}${/(?:Z|[+-]\d\d:?\d\d)$/.test(value) ? "" : "Z"}`);

function converted(definitions: Definitions, messages: readonly Message[]): readonly Made[] {
  const script = new URL("ceilometer-converters.py", import.meta.url).pathname;
  const { stdout, stderr, status } = spawnSync("/usr/bin/python3", [script, METERS, EVENTS], {
    input: messages.map((message) => JSON.stringify(message)).join("\n"),
    env: { ...process.env, PYTHONPATH: PACKAGES },
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) throw new Error(stderr);
  const lines = stdout.trim().split("\n");
  return lines.map((line, index) => {
    const { samples, traits } = JSON.parse(line);
    const event = eventOf(definitions, messages[index] as Message);
    return {
      samples: samples.filter(isSaid).map(toldThere).toSorted(),
      traits: event === undefined ? {} : timed(event, traits),
    };
  });
}

type Theirs = Readonly<Record<string, unknown>>;

/** Without a number or a resource Ceilometer drops it later; and it names a meter after an expression that it does not evaluate. */
const isSaid = ({ name, volume, resource_id: resource }: Theirs): boolean =>
  volume !== null && resource !== null && !String(name).startsWith("$");

const toldThere = ({ name, resource_id, project_id, user_id, volume, unit, metadata }: Theirs): string =>
  said([name, resource_id, project_id, user_id, volume, unit], metadata as object);
