import type { Command } from "commander";
import { answered } from "../client.ts";
import { table } from "../print.ts";
import { asking, everyItem, pick, print } from "./asking.ts";
import type { DoorOptions, Surroundings } from "./door.ts";

interface RetireOptions extends DoorOptions {
  readonly at?: string;
  readonly note: string;
}

/** Who watches the cloud, and who does so no more. */
export function addAgents(program: Command, surroundings: Surroundings): void {
  const { tool, api } = asking(program, surroundings);
  tool("agents", "who told of itself in a period, how long each has been silent, and which were retired")
    .option("--period <period>", "a month, or two instants with a slash (default: this month)")
    .action(async (options: DoorOptions & { readonly period?: string }) => {
      const agents = await everyItem(api(options), "/v1/agents", { query: pick(options, ["period"]) });
      print(options, agents, () => table(["region", "source", "agent", "heard until", ""], agents.map(agentRow), 99));
    });

  tool("retire", "say that an agent was taken out of service: no month waits for it any more")
    .argument("<region>", "as `agents` shows it")
    .argument("<source>", "libvirt, listener, …")
    .argument("<agent>", "its name")
    .requiredOption("--note <text>", "why")
    .option("--at <instant>", "since when it is gone (default: when it was last heard of)")
    .action(async (region: string, source: string, agent: string, options: RetireOptions) => {
      const { at, note } = options;
      const body = { region, source, agent, note, ...(at === undefined ? {} : { at }) };
      const retired = await answered(api(options).POST("/v1/agents/retirements", { body }));
      print(options, retired, () => `${source} ${agent} of ${region} is retired from ${retired.at} on`);
    });
}

interface AgentRow {
  readonly region: string;
  readonly source: string;
  readonly agent: string;
  readonly until: string;
  readonly silentSeconds: number;
  readonly retired?: { readonly at: string; readonly by: string; readonly note: string };
}

const agentRow = ({ region, source, agent, until, silentSeconds, retired }: AgentRow): string[] => [
  region,
  source,
  agent,
  until,
  retired === undefined
    ? `silent for ${Math.round(silentSeconds / 60)} minutes`
    : `retired by ${retired.by}: ${retired.note}`,
];
