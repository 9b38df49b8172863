import { answered, type Door, Refused, service } from "../client.ts";
import { type Finding, unsure, well, wrong } from "./finding.ts";

/** What a running Raingauge knows of its sources. */
export interface Evidence {
  /** Services of which events came in lately. */
  readonly services: ReadonlySet<string>;
  /** Who confirmed what within the last day or so. */
  readonly agents: readonly SeenAgent[];
  readonly findings: readonly Finding[];
}

export interface SeenAgent {
  readonly region: string;
  readonly source: string;
  readonly agent: string;
  readonly silentSeconds: number;
  readonly confirms: readonly string[];
  readonly retired?: unknown;
}

export const NO_EVIDENCE: Evidence = { services: new Set(), agents: [], findings: [] };

/** Longer than the silence that an hourly audit may keep. */
const LOOKED_BACK_HOURS = 26;
const SILENT_SECONDS = 15 * 60;

/** Asks the service itself: whether it is ready, who tells it what, and what it could not take. */
export async function evidence(door: Door, now: number): Promise<Evidence> {
  const ready = await readiness(door.url);
  if (ready.some(({ verdict }) => verdict === "wrong")) return { ...NO_EVIDENCE, findings: ready };
  try {
    const api = service(door);
    const since = (hours: number) => ({
      query: { limit: 1_000, period: `${ago(now, hours)}/${new Date(now).toISOString()}` },
    });
    const [{ items: agents }, { items: events }, { items: rejected }] = await Promise.all([
      answered(api.GET("/v1/agents", { params: since(LOOKED_BACK_HOURS) })),
      answered(api.GET("/v1/events", { params: since(EVENT_HOURS) })),
      answered(api.GET("/v1/rejected", { params: { query: { limit: 1_000 } } })),
    ]);
    return {
      services: new Set(events.map(({ source }) => source)),
      agents,
      findings: [...ready, ...listening(agents), rejects(rejected.length)],
    };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const mend = "give the token of an administrator in RAINGAUGE_TOKEN or with --token-file";
    return { ...NO_EVIDENCE, findings: [...ready, unsure("raingauge", error.message, mend)] };
  }
}

const EVENT_HOURS = 2;

const ago = (now: number, hours: number): string => new Date(now - hours * 3_600_000).toISOString();

async function readiness(url: string): Promise<Finding[]> {
  const answer = await fetch(new URL("/readyz", url)).catch(() => undefined);
  if (answer === undefined)
    return [
      wrong("raingauge", `nothing answers at ${url}`, "start it, or say where it is with --url or RAINGAUGE_URL"),
    ];
  const { missing = {} } = (await answer.json().catch(() => ({}))) as {
    readonly missing?: Readonly<Record<string, string>>;
  };
  const parts = Object.entries(missing);
  if (parts.length === 0) return [well("raingauge", `it answers at ${url} and is ready`)];
  return parts.map(([part, why]) =>
    wrong("raingauge", `${part}: ${why}`, "look into its log; /readyz says when it is well"),
  );
}

/** An agent that was stopped for good is not silent: it is gone, and is no longer named after a day. */
function listening(agents: readonly SeenAgent[]): Finding[] {
  const live = agents.filter(({ source, retired }) => !source.endsWith(".audit") && retired === undefined);
  if (live.length === 0)
    return [
      unsure(
        "raingauge",
        "no listener and no poller has told anything in a day",
        "start them; docs/operating.md says how",
      ),
    ];
  return live.map(({ region, source, agent, silentSeconds }) =>
    silentSeconds > SILENT_SECONDS
      ? wrong(
          "raingauge",
          `${source} ${agent} of ${region} is silent for ${Math.round(silentSeconds / 60)} minutes`,
          "look whether it runs, and at its /readyz",
        )
      : well("raingauge", `${source} ${agent} of ${region} tells that it watches`),
  );
}

const rejects = (count: number): Finding =>
  count === 0
    ? well("raingauge", "no message was rejected")
    : wrong(
        "raingauge",
        `${count === 1_000 ? "1000 or more" : count} messages were rejected`,
        "`raingauge rejected list` says why; `rejected replay` after a fix",
      );
