import { spawnSync } from "node:child_process";
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { executable, privatePort } from "@raingauge/servers";
import { type Server, serve } from "./server.ts";
import { privateFolder, systemEngine } from "./system.ts";

/** What checks rules and runs their unit tests, from the package `prometheus`. */
export const promtoolExecutable = (): string | undefined => executable("promtool");

/**
 * A Prometheus of its own that scrapes nothing and holds what it is given, in OpenMetrics text; in parts where it is long. It
 * evaluates the rules it is given, by the name of the file they are in.
 */
export async function prometheusServer(
  openMetrics: string | Iterable<string>,
  rules: Readonly<Record<string, string>> = {},
): Promise<Server> {
  const folder = privateFolder("prometheus");
  const port = await privatePort();
  const data = join(folder, "data");
  const config = join(folder, "prometheus.yml");
  writeFileSync(config, `rule_files: [${Object.keys(rules).join(", ")}]\n`);
  for (const [name, text] of Object.entries(rules)) writeFileSync(join(folder, name), text);
  for (const part of typeof openMetrics === "string" ? [openMetrics] : openMetrics)
    appendFileSync(join(folder, "series.txt"), part);
  const command = {
    path: executable("prometheus") ?? "prometheus",
    args: [
      `--config.file=${config}`,
      `--storage.tsdb.path=${data}`,
      "--storage.tsdb.retention.time=100y",
      `--web.listen-address=127.0.0.1:${port}`,
      "--log.level=warn",
    ],
  };
  const greeting = {
    port,
    hello: Buffer.from("GET /-/ready HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"),
    welcome: "HTTP/1.1 200",
  };
  const prepare = async (): Promise<void> => blocksFrom(join(folder, "series.txt"), data);
  return serve(`http://127.0.0.1:${port}`, systemEngine({ folder, greeting, command, prepare }));
}

function blocksFrom(series: string, data: string): void {
  // It reads the whole text again for each block: the fewer, the sooner.
  const args = ["tsdb", "create-blocks-from", "openmetrics", "--quiet", "--max-block-duration=768h", series, data];
  const { status, stderr } = spawnSync(promtoolExecutable() ?? "promtool", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`promtool made no blocks: ${stderr}`);
}
