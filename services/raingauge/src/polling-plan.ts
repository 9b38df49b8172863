import type { Definitions } from "@raingauge/definitions";
import { askedFor, hostSeconds, SOURCES, SURVEYS } from "@raingauge/poller";

/** What the agents ask under a `polling.yaml`, and how often; undefined for what they do not. */
export function planOf(definitions: Pick<Definitions, "polling" | "pollsters">): readonly {
  readonly what: string;
  readonly seconds: number | undefined;
}[] {
  const asked = askedFor(definitions, DEFAULT_SECONDS);
  return [
    { what: "each host", seconds: hostSeconds(definitions.polling ?? []) ?? DEFAULT_SECONDS },
    ...[...SOURCES, ...SURVEYS].map((work) => ({ what: work.name, seconds: asked.secondsOf(work) })),
    ...asked.rounds.map(({ name, intervalSeconds }) => ({ what: name, seconds: intervalSeconds })),
  ];
}

/** As the pollers' settings have it where nobody says otherwise. */
const DEFAULT_SECONDS = 300;
